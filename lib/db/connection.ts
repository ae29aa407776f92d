import "server-only";
import { drizzle, type MySql2Database } from "drizzle-orm/mysql2";
import { createPool, createPoolCluster, type Pool } from "mysql2/promise";
import { BoundedClient } from "@/lib/db/bounded-client";
import * as schema from "@/lib/db/schema";
import { settings } from "@/lib/env";

export type Database = MySql2Database<typeof schema>;

/** One wait and one answer: leaves room within the three seconds after which 503 is promised. */
const DEADLINE_MS = 2000;
/** How many connections a process opens at most. */
export const POOL_SIZE = 10;

const options = {
  connectionLimit: POOL_SIZE,
  connectTimeout: DEADLINE_MS,
  // Below the usual `wait_timeout` of servers and the idle limit of balancers.
  idleTimeout: 60_000,
  enableKeepAlive: true,
  queueLimit: 500,
  // UTC in every Date; no statement of ours asks the server for its own time of day.
  timezone: "Z",
  charset: "utf8mb4",
  connectAttributes: { program_name: "gatehouse" },
};

// On globalThis: `next dev` and each bundle of a build make module copies of their own, and a
// pool for each would use up the server's connections.
declare global {
  var gatehouseDatabase: { client: BoundedClient; database: Database } | undefined;
}

// Several hosts are nodes of one cluster: the first that answers serves, the others stand by.
function source(urls: readonly string[]) {
  const [only, ...others] = urls;
  if (only && others.length === 0) return createPool({ ...options, uri: only });
  const cluster = createPoolCluster({ removeNodeErrorCount: 1, restoreNodeTimeout: 2000 });
  for (const url of urls) cluster.add(url, { ...options, uri: url });
  return { getConnection: () => cluster.getConnection("*", "ORDER"), end: () => cluster.end() };
}

function open(): { client: BoundedClient; database: Database } {
  const client = new BoundedClient(source(settings().DATABASE_URL), DEADLINE_MS);
  // BoundedClient is the part of a Pool that drizzle calls: query, getConnection, end.
  const database = drizzle({ client: client as unknown as Pool, schema, mode: "default" });
  return { client, database };
}

/** The database of this process; connects at the first statement, never at a build. */
export function db(): Database {
  return opened().database;
}

/** Its connections, for what does not go through drizzle. */
export function boundedClient(): BoundedClient {
  return opened().client;
}

/** The name of the database that `DATABASE_URL` leads to. */
export function databaseName(): string {
  const [url = ""] = settings().DATABASE_URL;
  return decodeURIComponent(new URL(url).pathname.slice(1));
}

function opened() {
  globalThis.gatehouseDatabase ??= open();
  return globalThis.gatehouseDatabase;
}

/** Ends every connection. Later statements open new ones. */
export async function closeDatabase(): Promise<void> {
  const open = globalThis.gatehouseDatabase;
  globalThis.gatehouseDatabase = undefined;
  await open?.client.end();
}
