// A database server of one test file's own, to stop, freeze or set up as it likes.
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import { migrateDatabase } from "@/lib/db/migrate/migrate";
import { type DatabaseOptions, startDatabase } from "@/scripts/database/start";
import { testServers } from "@/tests/tools/clear-servers";
import { mysql9 } from "@/tests/tools/mysql9";

export interface OwnServer {
  /** Of a migrated database. */
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts one of this project's engine with these further options. */
export function ownServer(...extra: string[]): Promise<OwnServer> {
  return ownServerWith({ extra });
}

/** A server of its own, with further statements that it runs as its root. */
export async function ownServerWith(
  options: Pick<DatabaseOptions, "extra" | "sql">,
): Promise<OwnServer> {
  const never = new AbortController().signal;
  const server = inject("engine") === "mysql" ? { server: await mysql9(never) } : {};
  // The number at the end lets a later run clear away what a killed one left.
  const folder = join(testServers, `own-${randomBytes(4).toString("hex")}-${process.pid}`);
  const database = await startDatabase({ folder, ...options, ...server });
  await migrateDatabase(database.url);
  return {
    url: database.url,
    pid: database.pid,
    stop: async () => {
      await database.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
