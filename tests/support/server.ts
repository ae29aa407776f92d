import { rmSync } from "node:fs";
import { join } from "node:path";
import { createConnection } from "mysql2/promise";
import type { TestProject } from "vitest/node";
import { readState } from "@/scripts/database/server-state";
import { startDatabase } from "@/scripts/database/start";
import { clearTestServers, testServers } from "@/tests/tools/clear-servers";

declare module "vitest" {
  export interface ProvidedContext {
    /** A server where each test file makes a database of its own; see own-database.ts. */
    serverUrl: string;
    /** The process of that server, to stop or freeze it; 0 where it is somebody else's. */
    serverPid: number;
    engine: "mariadb" | "mysql";
    /** Where the browser is; only in the e2e project. */
    chromiumPath: string;
    /** Where tests may leave things for other tests of this run; only in the e2e project. */
    scratchFolder: string;
    /** Where each app that test files share leaves its number, to be ended after the last test. */
    appsFolder: string;
  }
}

interface Engine {
  readonly name: "mariadb" | "mysql";
  readonly folder: string;
  readonly urlSetting: string;
  server?(): Promise<string>;
}

// What a crash would lose is nobody's here: no test kills this server, those that kill have their own.
const FAST = ["--innodb-flush-log-at-trx-commit=0", "--sync-binlog=0", "--innodb-doublewrite=OFF"];

// Each worker runs apps of many settings at once, and each has a pool of its own.
const MANY_CONNECTIONS = "--max-connections=600";

/** Starts a server with no data for one project, or takes the one that a setting names. */
export async function provideServer(project: TestProject, engine: Engine) {
  project.provide("engine", engine.name);
  const given = process.env[engine.urlSetting];
  if (given) {
    project.provide("serverUrl", given);
    project.provide("serverPid", 0);
    return () => dropTestDatabases(given);
  }
  await clearTestServers();
  const server = await engine.server?.();
  const folder = join(testServers, `${engine.folder}-${process.pid}`);
  const extra = [...FAST, MANY_CONNECTIONS];
  const database = await startDatabase({ folder, extra, ...(server ? { server } : {}) });
  project.provide("serverUrl", database.url);
  project.provide("serverPid", database.pid);
  return async () => {
    await database.stop();
    // Another project of this run may be on the same server; the last one removes it.
    const isUsed = readState(join(folder, "server.json"))?.server;
    if (!isUsed) rmSync(folder, { recursive: true, force: true });
  };
}

async function dropTestDatabases(url: string): Promise<void> {
  const connection = await createConnection(url);
  const like = `${new URL(url).pathname.slice(1)}\\_t%`;
  const [rows] = await connection.query("SHOW DATABASES LIKE ?", [like]);
  for (const row of Array.isArray(rows) ? rows : [])
    await connection.query("DROP DATABASE ??", [Object.values(row)[0]]);
  await connection.end();
}
