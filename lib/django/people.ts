import "server-only";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { djangoDb } from "@/lib/db/connection";
import { ask, subjectOf } from "@/lib/django/rows";
import { fromWallClock } from "@/lib/django/wall-clock";
import { settings } from "@/lib/env";

/** A user at Django, as `dumpdata` would have them. */
export interface PersonRecord {
  readonly pk: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

const PersonRow = z.looseObject({ id: z.coerce.string() });
const MemberRow = z.object({ person: z.coerce.string(), name: z.string() });

/**
 * So many users at Django who come after that one by primary key, from the first for null; with the names of
 * their groups where these are wanted.
 */
export async function peopleAfter(
  after: string | null,
  limit: number,
  withGroups: boolean,
): Promise<{ readonly records: readonly PersonRecord[]; readonly last: string | null }> {
  const table = sql.identifier(settings().DJANGO_USER_TABLE);
  const later = after === null ? sql`` : sql`where id > ${after}`;
  const rows = await ask(
    PersonRow,
    djangoDb(),
    sql`select * from ${table} ${later} order by id limit ${limit}`,
  );
  const ids = rows.map(({ id }) => id);
  const groups = withGroups && ids.length > 0 ? await groupsOf(ids) : new Map();
  const records = rows.map(({ id, ...columns }) => ({
    pk: subjectOf(id),
    fields: { ...shownAsDumped(columns), groups: groups.get(id) ?? [] },
  }));
  return { records, last: ids.at(-1) ?? null };
}

async function groupsOf(ids: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const members = sql.identifier(`${settings().DJANGO_USER_TABLE}_groups`);
  const among: SQL = sql.join(
    ids.map((id) => sql`${id}`),
    sql`, `,
  );
  const found = await ask(
    MemberRow,
    djangoDb(),
    sql`select m.user_id as person, g.name as name from ${members} m
      join auth_group g on g.id = m.group_id where m.user_id in (${among})`,
  );
  const groups = new Map<string, string[]>();
  for (const { person, name } of found) groups.set(person, [...(groups.get(person) ?? []), name]);
  return groups;
}

const SHOWN_TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?$/;

// MySQL has numbers for true and false, and times without their zone.
function shownAsDumped(columns: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, value]) => {
      if (value === 0 || value === 1) return [name, value === 1];
      if (typeof value !== "string" || !SHOWN_TIME.test(value)) return [name, value];
      const shown = new Date(`${value.replace(" ", "T")}Z`);
      return [name, fromWallClock(shown, settings().DJANGO_TIME_ZONE).toISOString()];
    }),
  );
}
