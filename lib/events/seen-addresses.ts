import "server-only";
import { and, desc, eq, gte } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { events } from "@/lib/db/schema";

const WEEK_MS = 7 * 86_400_000;
const MOST = 500;

/** Where somebody signed in from, as the app understood it. */
export interface SeenAddress {
  readonly userId: number | null;
  readonly ipAddress: string;
}

/** The addresses of the sign-ins of the last week, the newest 500. */
export async function seenAddresses(now: Date): Promise<SeenAddress[]> {
  return db()
    .select({ userId: events.userId, ipAddress: events.ipAddress })
    .from(events, { forceIndex: "events_type_at" })
    .where(and(eq(events.type, "sign_in"), gte(events.at, new Date(now.getTime() - WEEK_MS))))
    .orderBy(desc(events.at))
    .limit(MOST);
}
