import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { totalmem } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { createConnection, type RowDataPacket } from "mysql2/promise";
import { migrateDatabase } from "@/lib/db/migrate/migrate";
import { startDatabase } from "@/scripts/database/start";
import { completeSettings } from "@/scripts/environment";
import { tellProgress } from "@/scripts/program";
import { dataFolder, root } from "@/scripts/root";
import { seedDatabase } from "@/scripts/seed/seed";
import type { Figures } from "./questions";

const FEW = 10_000;
const SESSIONS_A_USER = 10;
const BYTES_A_SESSION = 1000;

/** What questions take of a database with so many sessions, beside one with few. */
export async function compareSizes(many: number, stop: AbortSignal): Promise<void> {
  const folder = join(dataFolder, "bench-sizes");
  // As a server of that size would be set up: what is asked often fits into its memory.
  const buffer = Math.round(Math.min(totalmem() / 2, 2 ** 27 + many * BYTES_A_SESSION));
  const extra = [`--innodb-buffer-pool-size=${buffer}`];
  const database = await startDatabase({ folder, stop, extra });
  try {
    const few = await measured(database.url, FEW, stop);
    const large = await measured(database.url, many, stop);
    console.table(
      large.map(({ what, p50Ms, p99Ms }, index) => {
        const small = few[index]?.p50Ms ?? Number.NaN;
        return {
          question: what,
          [`${FEW}: p50`]: small.toFixed(1),
          [`${many}: p50`]: p50Ms.toFixed(1),
          p99: p99Ms.toFixed(1),
          ratio: (p50Ms / small).toFixed(2),
        };
      }),
    );
  } finally {
    await database.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measured(server: string, sessions: number, stop: AbortSignal): Promise<Figures[]> {
  const url = `${server}_${sessions}`;
  await asked(
    server,
    `CREATE DATABASE \`${new URL(url).pathname.slice(1)}\` CHARACTER SET utf8mb4`,
  );
  Object.assign(process.env, { DATABASE_URL: url });
  completeSettings();
  await migrateDatabase(url);
  const users = Math.ceil(sessions / SESSIONS_A_USER);
  let inserted = 0;
  const tell = (table: string, rows: number) => {
    inserted += rows;
    tellProgress(`${inserted} rows, now ${table}`);
  };
  const before = performance.now();
  const amounts = { users, sessions, events: users };
  await seedDatabase(url, amounts, new Date(), { stop, tell, doing: tellProgress });
  tellProgress("");
  const seconds = Math.round((performance.now() - before) / 1000);
  console.log(
    `${sessions} sessions seeded in ${seconds} s: ${await bytesEach(url)} bytes each on disk.`,
  );
  // So that a tenth of them waits for the purge.
  process.env.SESSION_RETENTION_DAYS = String(await daysOfNineTenths(url, sessions));
  // Each size in a process of its own: what one has kept must not help the other.
  const words = [...process.execArgv, join(root, "bench/sizes/questions.ts")];
  const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
  const [json, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  if (code !== 0) throw new Error(`the measurement of ${sessions} sessions failed`);
  return JSON.parse(json);
}

async function daysOfNineTenths(url: string, sessions: number): Promise<number> {
  const tenth = Math.floor(sessions / 10);
  const [row] = await asked(
    url,
    `SELECT TIMESTAMPDIFF(DAY, ended_at, UTC_TIMESTAMP()) AS DAYS FROM sessions
     WHERE ended_at IS NOT NULL ORDER BY ended_at LIMIT 1 OFFSET ${tenth}`,
  );
  return Number(row?.DAYS);
}

async function bytesEach(url: string): Promise<number> {
  await asked(url, "ANALYZE TABLE sessions");
  const [row] = await asked(
    url,
    `SELECT ROUND((DATA_LENGTH + INDEX_LENGTH) / (SELECT COUNT(*) FROM sessions)) AS BYTES
     FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'sessions'`,
  );
  return Number(row?.BYTES);
}

async function asked(url: string, statement: string): Promise<RowDataPacket[]> {
  const connection = await createConnection({ uri: url });
  try {
    const [rows] = await connection.query<RowDataPacket[]>(statement);
    return rows;
  } finally {
    await connection.end();
  }
}
