import "server-only";
import { drizzle, type MySql2Database } from "drizzle-orm/mysql2";
import { createPool, createPoolCluster, type Pool, type PoolOptions } from "mysql2";
import type { Pool as PromisePool } from "mysql2/promise";
import { BoundedClient, type Source } from "@/lib/db/bounded-client";
import { LookUps } from "@/lib/db/look-up";
import * as schema from "@/lib/db/schema";
import { settings } from "@/lib/env";

export type Database = MySql2Database<typeof schema>;

/** One wait and one answer: leaves room within the three seconds after which 503 is promised. */
const DEADLINE_MS = 2000;

/**
 * The connections to the nodes of a database: several are one cluster, of which the first that
 * answers serves while the others stand by. The one place that chooses a node. Opens none before one
 * is asked for.
 */
export function sourceOf(urls: readonly string[]): Source {
  const [only, ...others] = urls;
  if (only && others.length === 0) return onePool(createPool(optionsFor(only)));
  const cluster = createPoolCluster({ removeNodeErrorCount: 1, restoreNodeTimeout: 2000 });
  for (const url of urls) cluster.add(url, optionsFor(url));
  return {
    getConnection: (done) => cluster.getConnection("*", "ORDER", done),
    end: () => ending(cluster),
  };
}

function onePool(pool: Pool): Source {
  return {
    getConnection: (done) => pool.getConnection(done),
    end: () => ending(pool),
  };
}

// Where one is past saying goodbye, there is nothing left to end.
function ending(connections: Pick<Pool, "end">): Promise<void> {
  return new Promise((resolve) => connections.end(() => resolve()));
}

function optionsFor(uri: string): PoolOptions {
  return {
    uri,
    connectionLimit: settings().DATABASE_POOL_SIZE,
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
}

interface Opened {
  readonly client: BoundedClient;
  readonly lookUps: LookUps;
  readonly database: Database;
}

// On globalThis: `next dev` and each bundle of a build make module copies of their own, and a
// pool for each would use up the server's connections.
declare global {
  var gatehouseDatabase: Opened | undefined;
  var gatehouseDjangoDatabase: Opened | undefined;
}

function open(urls: readonly string[]): Opened {
  const source = sourceOf(urls);
  const client = new BoundedClient(source, DEADLINE_MS);
  // Half: what else is asked for waits no longer for the look-ups of a crowd.
  const lookUps = new LookUps(source, DEADLINE_MS, settings().DATABASE_POOL_SIZE / 2);
  // BoundedClient is the part of a Pool that drizzle calls: query, getConnection, end.
  const database = drizzle({ client: client as unknown as PromisePool, schema, mode: "default" });
  return { client, lookUps, database };
}

/** The database of this process; connects at the first statement, never at a build. */
export function db(): Database {
  return opened().database;
}

/** Its connections, for what does not go through drizzle. */
export function boundedClient(): BoundedClient {
  return opened().client;
}

/** Its rows by their ids, at the least cost. */
export function lookUps(): LookUps {
  return opened().lookUps;
}

/** The name of the database that `DATABASE_URL` leads to. */
export function databaseName(): string {
  const [url = ""] = settings().DATABASE_URL;
  return decodeURIComponent(new URL(url).pathname.slice(1));
}

function opened() {
  globalThis.gatehouseDatabase ??= open(settings().DATABASE_URL);
  return globalThis.gatehouseDatabase;
}

/** Where the tables of the Django site are that people move in from: this database, or another. */
export function djangoDb(): Database {
  const { DJANGO_DATABASE_URL: urls } = settings();
  if (!urls) return db();
  globalThis.gatehouseDjangoDatabase ??= open(urls);
  return globalThis.gatehouseDjangoDatabase.database;
}

/** Ends every connection. Later statements open new ones. */
export async function closeDatabase(): Promise<void> {
  const open = [globalThis.gatehouseDatabase, globalThis.gatehouseDjangoDatabase];
  globalThis.gatehouseDatabase = undefined;
  globalThis.gatehouseDjangoDatabase = undefined;
  await Promise.all(open.map((each) => each?.client.end()));
}
