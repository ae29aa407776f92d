import "server-only";
import { eq, sql } from "drizzle-orm";
import { parse } from "uuid";
import { db, lookUps } from "@/lib/db/connection";
import type { DjangoRow } from "@/lib/db/django-row";
import { type Question, rowReader, SIZES } from "@/lib/db/look-up";
import type { Method } from "@/lib/db/method-list";
import { type EndReason, sessions, users } from "@/lib/db/schema";
import { settings } from "@/lib/env";
import { log } from "@/lib/log";
import { SessionData } from "@/lib/session/data";
import { expiryReason, type Lifetime, limitsFor, withCurrentLimits } from "@/lib/session/policy";
import { type User, userColumns } from "@/lib/users/user";

/** One signed-in browser, as the rest of the code sees it: without the hash of its secret. */
export interface Session extends Lifetime {
  /** The public handle; harmless. */
  readonly id: string;
  readonly userId: number;
  /** When its user last proved who they are. */
  readonly authenticatedAt: Date;
  /** How they have, since it began; none where that was before this was noted. */
  readonly methods: readonly Method[];
  /** Null while it lives, as is the reason. */
  readonly endedAt: Date | null;
  readonly endReason: EndReason | null;
  /** Whether "Stay signed in" was ticked. */
  readonly persistent: boolean;
  /** Whether it must get a new secret soon, since its user's role has changed. */
  readonly isRotationDue: boolean;
  readonly ipAddress: string;
  readonly userAgent: string;
  /** The application's own. */
  readonly data: SessionData;
}

/** A session in a list: all but the application's data, which may be long. */
export type ListedSession = Omit<Session, "data">;

/** What a query selects to make a `ListedSession`. */
export const listedColumns = {
  id: sessions.id,
  userId: sessions.userId,
  createdAt: sessions.createdAt,
  authenticatedAt: sessions.authenticatedAt,
  methods: sessions.methods,
  lastActivityAt: sessions.lastActivityAt,
  expiresAt: sessions.expiresAt,
  absoluteExpiresAt: sessions.absoluteExpiresAt,
  endedAt: sessions.endedAt,
  endReason: sessions.endReason,
  persistent: sessions.persistent,
  isRotationDue: sessions.isRotationDue,
  ipAddress: sessions.ipAddress,
  userAgent: sessions.userAgent,
};

/** What a query selects to make a `Session`. */
export const sessionColumns = { ...listedColumns, data: sessions.data };

/** A row as a `Session`. Data past the schema counts as none and is reported: nothing crashes on it. */
export function sessionOf<Row extends { id: string; data: unknown }>(
  row: Row,
): Omit<Row, "data"> & { readonly data: SessionData } {
  const { data } = SessionData.safeParse(row.data);
  if (!data) log().warn({ sessionId: row.id }, "the data of a session does not fit its schema");
  return { ...row, data: data ?? {} };
}

/**
 * A session as a request would be told at `now`: with the limits that count today, and over where
 * its time is up or its user disabled, whether or not anybody has written that down yet.
 */
export function effectiveSession<S extends Lifetime & Pick<Session, "endedAt" | "endReason">>(
  session: S,
  user: Pick<User, "role" | "status">,
  now: Date,
): S {
  if (session.endedAt) return session;
  const limits = limitsFor(user.role, settings());
  const current = withCurrentLimits(session, limits);
  const endReason = expiryReason(session, limits, now);
  if (endReason) return { ...current, endedAt: current.expiresAt, endReason };
  if (user.status === "disabled") return { ...current, endedAt: now, endReason: "user_disabled" };
  return current;
}

/** A session with what only the core may see: the hashes that its secret must fit. */
export interface StoredSession {
  readonly session: Session;
  readonly user: User;
  readonly secretHash: Buffer | null;
  readonly formerSecretHash: Buffer | null;
  readonly formerSecretUntil: Date | null;
  readonly djangoRow: DjangoRow | null;
}

const storedFields = {
  session: sessionColumns,
  user: userColumns,
  secretHash: sessions.secretHash,
  formerSecretHash: sessions.formerSecretHash,
  formerSecretUntil: sessions.formerSecretUntil,
  djangoRow: sessions.djangoRow,
};
const readStored = rowReader(storedFields);

// What every signed-in request asks, written once for each number of ids.
let question: Question | undefined;

function writeQuestion(): Question {
  const stored = db()
    .select(storedFields)
    // Of a small table the servers would rather read every row.
    .from(sessions, { forceIndex: "PRIMARY" })
    .innerJoin(users, eq(users.id, sessions.userId))
    .$dynamic();
  const id = sql`unhex(${""})`;
  return SIZES.map((size) => {
    const ids = sql.join(Array(size).fill(id), sql`, `);
    const isIt = size === 1 ? eq(sessions.id, id) : sql`${sessions.id} in (${ids})`;
    return stored.where(isIt).toSQL().sql;
  });
}

/** The session of an id with its user, live or ended; null when there is no such row. */
export async function findSession(id: string): Promise<StoredSession | null> {
  question ??= writeQuestion();
  const row = await lookUps().find(question, Buffer.from(parse(id)).toString("hex"));
  if (!row) return null;
  const stored = readStored(row);
  return { ...stored, session: sessionOf(stored.session) };
}
