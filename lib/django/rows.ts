import "server-only";
import { createHash, randomInt } from "node:crypto";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { djangoDb } from "@/lib/db/connection";
import type { DjangoRow } from "@/lib/db/django-row";
import type { Executor } from "@/lib/db/transaction";
import { authHashOf } from "@/lib/django/auth-hash";
import {
  contentOf,
  type DjangoSession,
  LONGEST_TEXT,
  readSessionText,
  withAuthHash,
  writeSessionText,
} from "@/lib/django/session-text";
import { fromWallClock, toWallClock } from "@/lib/django/wall-clock";
import { settings } from "@/lib/env";
import type { Refused } from "@/lib/refused";

/** A session at Django that is signed and not over. */
export interface FoundSession extends DjangoSession {
  readonly expiresAt: Date;
}

/** What a user's row at Django says of whether they may sign in. */
export interface DjangoUser {
  /** As it is stored there. */
  readonly password: string;
  readonly isActive: boolean;
}

// As a text, in no zone.
const shownTime = z.string().transform((text) => new Date(`${text.replace(" ", "T")}Z`));
const SessionRow = z.object({ text: z.string(), expires: shownTime });
const UserRow = z.object({ password: z.string(), active: z.coerce.boolean() });

/** There is no such session that is good, it cannot be read with these keys, or nobody is signed in by it. */
export type NoDjangoSession = Refused<"over" | "unreadable" | "nobodys">;

/** Whom a session at Django has signed in. */
export async function findDjangoSession(
  key: string,
  now: Date,
): Promise<FoundSession | NoDjangoSession> {
  const { DJANGO_SESSION_TABLE: table, DJANGO_SESSION_SALT: salt } = settings();
  // Cut: what is longer is refused, and must not be carried here first.
  const [row] = await ask(
    SessionRow,
    djangoDb(),
    sql`select left(session_data, ${LONGEST_TEXT + 1}) as text, expire_date as expires
      from ${sql.identifier(table)} where session_key = ${key}`,
  );
  if (!row) return { refused: "over" };
  const expiresAt = fromWallClock(row.expires, settings().DJANGO_TIME_ZONE);
  if (expiresAt <= now) return { refused: "over" };
  const keys = { secrets: djangoKeys(), salt };
  const session = readSessionText(row.text, keys);
  if (session) return { ...session, expiresAt };
  return { refused: contentOf(row.text, keys) ? "nobodys" : "unreadable" };
}

/** A user at Django by their primary key there; null when there is none. */
export async function findDjangoUser(
  id: string,
  executor: Executor = djangoDb(),
): Promise<DjangoUser | null> {
  const { DJANGO_USER_TABLE: table } = settings();
  const [row] = await ask(
    UserRow,
    whereTheyAre(executor),
    sql`select password, is_active as active from ${sql.identifier(table)}
      where id in (${sql.join(spellingsOf(id), sql`, `)})`,
  );
  return row ? { password: row.password, isActive: row.active } : null;
}

const StateRow = z.object({
  password: z.string(),
  active: z.coerce.boolean(),
  expires: shownTime.nullable(),
});

/**
 * A row at Django as it is now, read by the keys of both tables at once; null where its user has signed
 * out there, is disabled, or has another password. What Django has cleared away as run out is as it was,
 * and so is every row while the bridge is off.
 */
export async function rowAtDjango(row: DjangoRow, now: Date): Promise<DjangoRow | null> {
  if (!isBridgeOn()) return row;
  const { DJANGO_SESSION_TABLE, DJANGO_USER_TABLE, DJANGO_TIME_ZONE } = settings();
  const [found] = await ask(
    StateRow,
    djangoDb(),
    sql`select u.password, u.is_active as active, s.expire_date as expires
      from ${sql.identifier(DJANGO_USER_TABLE)} u
      left join ${sql.identifier(DJANGO_SESSION_TABLE)} s on s.session_key = ${row.key}
      where u.id in (${sql.join(spellingsOf(row.userId), sql`, `)})`,
  );
  if (!found?.active || passwordPrint(found.password) !== row.passwordPrint) return null;
  if (!found.expires) return row.expiresAt <= now ? row : null;
  return { ...row, expiresAt: fromWallClock(found.expires, DJANGO_TIME_ZONE) };
}

/** Whom a row is written for, and until when. */
interface NewDjangoSession {
  readonly userId: string;
  /** As it is stored there. */
  readonly password: string;
  readonly expiresAt: Date;
}

/** Writes a session that Django takes for its own. Its key. */
export async function insertDjangoSession(
  executor: Executor,
  { userId, password, expiresAt }: NewDjangoSession,
  now: Date,
): Promise<string> {
  const { DJANGO_SESSION_TABLE: table, DJANGO_SESSION_SALT: salt } = settings();
  const secrets = djangoKeys();
  const text = writeSessionText(
    {
      _auth_user_id: userId,
      _auth_user_backend: settings().DJANGO_AUTH_BACKEND,
      _auth_user_hash: authHashOf(password, secrets[0] ?? ""),
    },
    { secrets, salt },
    now,
  );
  const key = newKey();
  const expires = toWallClock(expiresAt, settings().DJANGO_TIME_ZONE);
  await whereTheyAre(executor).execute(
    sql`insert into ${sql.identifier(table)} (session_key, session_data, expire_date)
      values (${key}, ${text}, ${expires})`,
  );
  return key;
}

/** Signs out at Django whoever has these keys. */
export async function deleteDjangoSessions(
  executor: Executor,
  keys: readonly string[],
): Promise<void> {
  if (keys.length === 0) return;
  const { DJANGO_SESSION_TABLE: table } = settings();
  const listed = keys.map((key) => sql`${key}`);
  await whereTheyAre(executor).execute(
    sql`delete from ${sql.identifier(table)}
      where session_key in (${sql.join(listed, sql`, `)})`,
  );
}

/** Replaces the stored password of a user at Django. */
export async function writeDjangoPassword(
  executor: Executor,
  userId: string,
  storedPassword: string,
): Promise<void> {
  const { DJANGO_USER_TABLE: table } = settings();
  await whereTheyAre(executor).execute(
    sql`update ${sql.identifier(table)} set password = ${storedPassword}
      where id in (${sql.join(spellingsOf(userId), sql`, `)})`,
  );
}

const TextRow = z.object({ text: z.string() });

/**
 * Has sessions at Django go on although their user's password is another now, as
 * `update_session_auth_hash` does there; what else they hold stays.
 */
export async function renewDjangoSessions(
  executor: Executor,
  keys: readonly string[],
  storedPassword: string,
  now: Date,
): Promise<void> {
  const { DJANGO_SESSION_TABLE: table, DJANGO_SESSION_SALT: salt } = settings();
  const secrets = djangoKeys();
  const authHash = authHashOf(storedPassword, secrets[0] ?? "");
  const there = whereTheyAre(executor);
  for (const key of keys) {
    const isIt = sql`from ${sql.identifier(table)} where session_key = ${key} for update`;
    const [row] = await ask(TextRow, there, sql`select session_data as text ${isIt}`);
    const text = row && withAuthHash(row.text, authHash, { secrets, salt }, now);
    if (text)
      await there.execute(
        sql`update ${sql.identifier(table)} set session_data = ${text} where session_key = ${key}`,
      );
  }
}

// In the caller's transaction where the tables are in one database with ours.
function whereTheyAre(executor: Executor): Executor {
  return settings().DJANGO_DATABASE_URL ? djangoDb() : executor;
}

const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
const KEY_LENGTH = 32;

// As Django makes one: 165 bits.
function newKey(): string {
  return Array.from({ length: KEY_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join("");
}

/** Whether people move in from a Django site, which this one knows the keys of. */
export function isBridgeOn(): boolean {
  return djangoKeys().length > 0;
}

/** A short print of a stored password: whether it has changed can be asked without keeping it. */
export function passwordPrint(storedPassword: string): string {
  return createHash("sha256").update(storedPassword).digest("base64url").slice(0, 22);
}

/** The keys of Django, newest first; none while the bridge is off. */
export function djangoKeys(): readonly string[] {
  return settings().DJANGO_SECRET_KEYS ?? [];
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** How a session names the user of a primary key: of a UUID, which MySQL has without them, with dashes. */
export function subjectOf(id: string): string {
  return id.replace(/^(\w{8})(\w{4})(\w{4})(\w{4})(\w{12})$/, "$1-$2-$3-$4-$5");
}

// MySQL has a UUID without its dashes, MariaDB either way.
function spellingsOf(id: string): SQL[] {
  const ids = UUID.test(id) ? [id, id.replaceAll("-", "")] : [id];
  return ids.map((each) => sql`${each}`);
}

/** The rows that a statement finds, held against what they must be. */
export async function ask<Row>(
  schema: z.ZodType<Row>,
  executor: Executor,
  question: SQL,
): Promise<Row[]> {
  const [rows] = await executor.execute(question);
  return z.array(schema).parse(rows);
}
