import "server-only";
import { and, asc, eq, gt } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { type Role, sessions, users } from "@/lib/db/schema";
import { isLive } from "@/lib/session/lists";
import type { Lifetime } from "@/lib/session/policy";

const BATCH = 5000;

/** A live session as far as limits look at it. */
export interface LimitedSession extends Lifetime {
  readonly userId: number;
  readonly role: Role;
}

/** Every session that lives at `now`, read batch by batch in the order of their ids. */
export async function* everyLive(now: Date): AsyncGenerator<LimitedSession> {
  for (let rows = await batchAfter(null, now); rows.length > 0; ) {
    yield* rows;
    const last = rows.at(-1);
    rows = last && rows.length === BATCH ? await batchAfter(last.id, now) : [];
  }
}

async function batchAfter(id: string | null, now: Date) {
  return db()
    .select({
      id: sessions.id,
      userId: sessions.userId,
      role: users.role,
      createdAt: sessions.createdAt,
      lastActivityAt: sessions.lastActivityAt,
      expiresAt: sessions.expiresAt,
      absoluteExpiresAt: sessions.absoluteExpiresAt,
    })
    .from(sessions, { forceIndex: "PRIMARY" })
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(isLive(now), id === null ? undefined : gt(sessions.id, id)))
    .orderBy(asc(sessions.id))
    .limit(BATCH);
}
