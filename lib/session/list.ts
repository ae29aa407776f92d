import "server-only";
import { and, asc, count, desc, eq, gt, inArray, isNull, lte, ne, or, type SQL } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { sessions, users } from "@/lib/db/schema";
import type { Executor } from "@/lib/db/transaction";
import { settings } from "@/lib/env";
import type { Role } from "@/lib/roles";
import { type Lifetime, limitsFor } from "@/lib/session/policy";
import {
  effectiveSession,
  type ListedSession,
  listedColumns,
  type Session,
  sessionColumns,
  sessionOf,
} from "@/lib/session/session";
import { type User, userColumns } from "@/lib/users/user";

/** So many rows are judged within the time limit of a statement, with room. */
const AT_ONCE = 10_000;

/**
 * How many sessions would be let in at `now`, exactly, in as many statements as it takes. `tell`
 * hears how many were found so far.
 */
export async function countLive(
  now: Date,
  tell?: (found: number) => void,
  atOnce = AT_ONCE,
): Promise<number> {
  let found = 0;
  for (let from: string | null = null; ; ) {
    const until = await idFurtherOn(from, atOnce);
    found += await countLiveBetween(from, until, now);
    tell?.(found);
    if (until === null) return found;
    from = until;
  }
}

async function countLiveBetween(from: string | null, until: string | null, now: Date) {
  const isBefore = until === null ? undefined : lte(sessions.id, until);
  const [row] = await db()
    .select({ live: count() })
    .from(sessions, { forceIndex: "PRIMARY" })
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(isLive(now), isBeyond(from), isBefore));
  return row?.live ?? 0;
}

async function idFurtherOn(from: string | null, rows: number): Promise<string | null> {
  const [row] = await db()
    .select({ id: sessions.id })
    .from(sessions, { forceIndex: "PRIMARY" })
    .where(isBeyond(from))
    .orderBy(asc(sessions.id))
    .limit(1)
    .offset(rows - 1);
  return row?.id ?? null;
}

const isBeyond = (id: string | null) => (id === null ? undefined : gt(sessions.id, id));

/** `expiryReason` in SQL, so that lists and counts agree with what a request would be told. */
export function isLive(now: Date): SQL | undefined {
  const withinLimits = (role: "member" | "staff", whose: SQL) => {
    const { idleSeconds, absoluteSeconds, isSliding } = limitsFor(role, settings());
    const basis = isSliding ? sessions.lastActivityAt : sessions.createdAt;
    const idleBorder = new Date(now.getTime() - idleSeconds * 1000);
    const absoluteBorder = new Date(now.getTime() - absoluteSeconds * 1000);
    return and(whose, gt(basis, idleBorder), gt(sessions.createdAt, absoluteBorder));
  };
  return and(
    isNull(sessions.endedAt),
    gt(sessions.expiresAt, now),
    gt(sessions.absoluteExpiresAt, now),
    eq(users.status, "active"),
    or(
      withinLimits("member", eq(users.role, "member")),
      withinLimits("staff", ne(users.role, "member")),
    ),
  );
}

const KEPT_IN_VIEW_MS = 30 * 86_400_000;
const MOST = 500;

/** A user's own sessions. */
export interface SessionsOfUser {
  /** Those that live, newest activity first. */
  readonly live: readonly ListedSession[];
  /** Those that ended in the last 30 days, with their reason; the newest end first. */
  readonly ended: readonly ListedSession[];
}

/** The sessions of a user, live and lately ended, 500 at most: the rest is history. */
export async function listForUser(
  user: Pick<User, "id" | "role" | "status">,
  now: Date,
): Promise<SessionsOfUser> {
  const border = new Date(now.getTime() - KEPT_IN_VIEW_MS);
  const isInView = or(isNull(sessions.endedAt), gt(sessions.endedAt, border));
  const rows = await db()
    .select(listedColumns)
    .from(sessions, { forceIndex: "sessions_user_ended" })
    .where(and(eq(sessions.userId, user.id), isInView))
    .orderBy(desc(isNull(sessions.endedAt)), desc(sessions.lastActivityAt), desc(sessions.id))
    .limit(MOST);
  const all = rows.map((row) => effectiveSession(row, user, now));
  return {
    live: all.filter(({ endedAt }) => endedAt === null),
    ended: all
      .filter(({ endedAt }) => endedAt !== null && endedAt > border)
      .sort((a, b) => Number(b.endedAt) - Number(a.endedAt)),
  };
}

/** Those of the named sessions that live, with their users. */
export async function findLiveNamed(
  ids: readonly string[],
  now: Date,
): Promise<{ session: ListedSession; user: User }[]> {
  if (ids.length === 0) return [];
  const rows = await db()
    .select({ session: listedColumns, user: userColumns })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(isLive(now), inArray(sessions.id, [...ids])));
  return rows.map(({ session, user }) => ({ session: effectiveSession(session, user, now), user }));
}

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
    .where(and(isLive(now), isBeyond(id)))
    .orderBy(asc(sessions.id))
    .limit(BATCH);
}

/** Every session of a user that there is a row of, live or ended, newest first. */
export async function everySessionOf(userId: number): Promise<Session[]> {
  const rows = await db()
    .select(sessionColumns)
    .from(sessions, { forceIndex: "sessions_user_ended" })
    .where(eq(sessions.userId, userId))
    .orderBy(desc(sessions.createdAt));
  return rows.map(sessionOf);
}

/** How many sessions of a user there are rows of, live or ended. */
export async function countOf(executor: Executor, userId: number): Promise<number> {
  const [row] = await executor
    .select({ rows: count() })
    .from(sessions)
    .where(eq(sessions.userId, userId));
  return row?.rows ?? 0;
}
