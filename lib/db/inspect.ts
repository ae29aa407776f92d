import "server-only";
import { getTableName, is, type SQL, sql } from "drizzle-orm";
import { MySqlTable } from "drizzle-orm/mysql-core";
import type { QueryValues } from "mysql2/promise";
import { boundedClient, db } from "@/lib/db/connection";
import * as djangoSchema from "@/lib/db/django-schema";
import * as factorsSchema from "@/lib/db/factors-schema";
import * as mailSchema from "@/lib/db/mail-schema";
import * as own from "@/lib/db/own-tables";
import * as schema from "@/lib/db/schema";

/** What the server says of itself, one entry a row; for questions that no table of ours answers. */
export async function ask(
  question: string,
  values: QueryValues = [],
): Promise<Record<string, unknown>[]> {
  const [rows] = await boundedClient().query({ sql: question }, values);
  return Array.isArray(rows) ? rows.map((row) => ({ ...row })) : [];
}

/** The values of server variables by name, as this connection has them; absent where there is none. */
export async function serverVariables(...names: string[]): Promise<ReadonlyMap<string, string>> {
  const marks = names.map(() => "?").join(", ");
  const rows = await ask(`SHOW SESSION VARIABLES WHERE Variable_name IN (${marks})`, names);
  return new Map(rows.map((row) => [String(row.Variable_name), String(row.Value)]));
}

/** How many there are. */
export interface Count {
  readonly count: number;
  /** Whether that is about right alone, since to count them all takes too long for a page. */
  readonly isEstimated: boolean;
}

/** To count more than so many takes a page longer than it may. */
export const MOST_COUNTED = 10_000;

/** How many rows there are `from` something: counted up to `most`, beyond that as the server estimates. */
export async function countRows(from: SQL, most = MOST_COUNTED): Promise<Count> {
  const some = sql`select 1 ${from} limit ${most + 1}`;
  const counted = Number((await firstRow(sql`select count(*) as n from (${some}) as s`))?.n);
  if (counted <= most) return { count: counted, isEstimated: false };
  const plan = await firstRow(sql`explain format=traditional select count(*) ${from}`);
  return { count: Math.max(Number(plan?.rows), counted), isEstimated: true };
}

async function firstRow(question: SQL): Promise<Record<string, unknown> | undefined> {
  const [rows] = await db().execute(question);
  const [row] = Array.isArray(rows) ? rows : [];
  return row && { ...row };
}

/** How the server goes about a table of a statement. */
export interface PlanStep {
  readonly statement: string;
  readonly table: string;
  /** The index that it takes; null where it reads the whole table. */
  readonly index: string | null;
  /** How many rows it expects to read. */
  readonly rows: number;
}

interface Asked {
  readonly statement: string;
  readonly values: QueryValues;
}

/**
 * How the server would find what `work` selects outside of transactions: EXPLAIN of the statements
 * themselves, so that no copy of them grows old. Nothing else may ask meanwhile.
 */
export async function plansOf(work: () => Promise<unknown>): Promise<PlanStep[]> {
  const steps: PlanStep[] = [];
  for (const { statement, values } of await statementsOf(work)) {
    const rows = await ask(`EXPLAIN FORMAT=TRADITIONAL ${statement}`, values);
    const ofTables = rows.filter(({ table }) => table && !/^</.test(String(table)));
    for (const { table, key, rows } of ofTables) {
      const index = key ? String(key) : null;
      steps.push({ statement, table: String(table), index, rows: Number(rows) });
    }
  }
  return steps;
}

async function statementsOf(work: () => Promise<unknown>): Promise<Asked[]> {
  const client = boundedClient();
  const asked: Asked[] = [];
  const query = client.query.bind(client);
  client.query = (options, values) => {
    if (/^select/i.test(options.sql)) asked.push({ statement: options.sql, values: values ?? [] });
    return query(options, values);
  };
  try {
    await work();
    return asked;
  } finally {
    client.query = query;
  }
}

/** The tables of this build, a team's own among them. */
export const TABLES: readonly MySqlTable[] = Object.values({
  ...schema,
  ...mailSchema,
  ...factorsSchema,
  ...djangoSchema,
  ...own,
}).flatMap((each: unknown) => (is(each, MySqlTable) ? [each] : []));

export const TABLE_NAMES = TABLES.map((table) => getTableName(table));

/** Every table of Gatehouse, with the column that tells its newest rows. */
const NEWEST_BY = [
  [schema.sessions, schema.sessions.id],
  [schema.sessionDevices, schema.sessionDevices.firstSeenAt],
  [schema.users, schema.users.id],
  [schema.events, schema.events.id],
  [schema.tryHours, schema.tryHours.startsAt],
  [schema.throttle, schema.throttle.expire],
  [mailSchema.oneTimeTokens, mailSchema.oneTimeTokens.createdAt],
  [mailSchema.outbox, mailSchema.outbox.id],
  [factorsSchema.totpFactors, factorsSchema.totpFactors.createdAt],
  [factorsSchema.recoveryCodes, factorsSchema.recoveryCodes.createdAt],
  [factorsSchema.passkeys, factorsSchema.passkeys.id],
  [factorsSchema.trustedBrowsers, factorsSchema.trustedBrowsers.id],
  [djangoSchema.identities, djangoSchema.identities.id],
  [djangoSchema.adoptedSessions, djangoSchema.adoptedSessions.createdAt],
] as const;

/** One row of a dump, as the database holds it: hashes and generated columns included. */
export interface DumpedRow {
  readonly table: string;
  readonly row: Readonly<Record<string, unknown>>;
}

/** What a dump of the newest rows of each table holds. */
export async function dumpNewest(rowsPerTable: number): Promise<DumpedRow[]> {
  const dumped: DumpedRow[] = [];
  for (const [source, newest] of NEWEST_BY) {
    const statement = sql`select * from ${source} order by ${newest} desc limit ${rowsPerTable}`;
    const [rows] = await db().execute(statement);
    for (const row of Array.isArray(rows) ? rows : [])
      dumped.push({ table: getTableName(source), row: { ...row } });
  }
  return dumped;
}
