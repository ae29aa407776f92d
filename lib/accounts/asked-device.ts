import "server-only";
import { and, desc, eq, inArray, isNull, ne, or } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { events } from "@/lib/db/schema";
import { deviceWords } from "@/lib/device";
import type { Session } from "@/lib/session/session";

/** A sign-in from a browser that its account did not know: its owner is asked about it. */
export interface AskedDevice {
  readonly sessionId: string;
  /** "Firefox 141 on Windows". */
  readonly device: string;
  readonly ipAddress: string;
  readonly at: Date;
}

// The latest of these decides. A new browser is noted right after its sign-in; whoever has said "this
// was not me", or set another password by a link, is asked no more.
const DECIDING = ["sign_in", "new_device", "session_reported", "password_reset"] as const;

/**
 * What whoever has just begun a session is asked about: the sign-in before it, where that was from a
 * new browser; else null.
 */
export async function deviceToAskAbout({
  id,
  userId,
}: Pick<Session, "id" | "userId">): Promise<AskedDevice | null> {
  const { type, sessionId, at, ipAddress, userAgent } = events;
  const isOther = or(isNull(sessionId), ne(sessionId, id));
  const [last] = await db()
    .select({ type, sessionId, at, ipAddress, userAgent })
    .from(events)
    .where(and(eq(events.userId, userId), inArray(type, [...DECIDING]), isOther))
    .orderBy(desc(at), desc(events.id))
    .limit(1);
  if (last?.type !== "new_device" || !last.sessionId) return null;
  const { name } = deviceWords(last.userAgent);
  return { sessionId: last.sessionId, device: name, ipAddress: last.ipAddress, at: last.at };
}
