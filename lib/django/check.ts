import "server-only";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { djangoDb } from "@/lib/db/connection";
import { databaseErrorNumber } from "@/lib/db/errors";
import { ask, subjectOf } from "@/lib/django/rows";
import { toWallClock } from "@/lib/django/wall-clock";
import { settings } from "@/lib/env";

const KeyRow = z.object({ key: z.string() });

/** The keys at Django of sessions whose time is not up, in their order: so many that come after that one. */
export async function keysAfter(after: string, limit: number, now: Date): Promise<string[]> {
  const { DJANGO_SESSION_TABLE: table, DJANGO_TIME_ZONE } = settings();
  const shown = toWallClock(now, DJANGO_TIME_ZONE);
  const found = await ask(
    KeyRow,
    djangoDb(),
    sql`select session_key as \`key\` from ${sql.identifier(table)}
      where session_key > ${after} and expire_date > ${shown} order by session_key limit ${limit}`,
  );
  return found.map(({ key }) => key);
}

const IdRow = z.object({ id: z.coerce.string() });

/** The primary keys of every user at Django, as sessions name them. */
export async function djangoUserIds(): Promise<string[]> {
  const { DJANGO_USER_TABLE: table } = settings();
  const found = await ask(IdRow, djangoDb(), sql`select id from ${sql.identifier(table)}`);
  return found.map(({ id }) => subjectOf(id));
}

/** What the bridge does to Django's tables and its account at the database may not, in words. */
export async function missingGrants(): Promise<string[]> {
  const { DJANGO_SESSION_TABLE, DJANGO_USER_TABLE } = settings();
  const [theirSessions, people] = [DJANGO_SESSION_TABLE, DJANGO_USER_TABLE].map(sql.identifier);
  // Each touches no row, and is refused all the same where it may not be done.
  const tries: [what: string, statement: SQL][] = [
    [`SELECT on ${DJANGO_SESSION_TABLE}`, sql`select 1 from ${theirSessions} limit 0`],
    [
      `INSERT on ${DJANGO_SESSION_TABLE}`,
      sql`insert into ${theirSessions} (session_key, session_data, expire_date)
        select session_key, session_data, expire_date from ${theirSessions} where 1 = 0`,
    ],
    [
      `UPDATE on ${DJANGO_SESSION_TABLE}`,
      sql`update ${theirSessions} set session_data = '' where 1 = 0`,
    ],
    [`DELETE on ${DJANGO_SESSION_TABLE}`, sql`delete from ${theirSessions} where 1 = 0`],
    [`SELECT on ${DJANGO_USER_TABLE}`, sql`select password, is_active from ${people} limit 0`],
    [`UPDATE on ${DJANGO_USER_TABLE}`, sql`update ${people} set password = '' where 1 = 0`],
  ];
  const missing: string[] = [];
  for (const [what, statement] of tries) {
    try {
      await djangoDb().execute(statement);
    } catch (error) {
      if (databaseErrorNumber(error) === null) throw error;
      missing.push(what);
    }
  }
  return missing;
}
