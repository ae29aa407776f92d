// `npm run db:push`, `db:generate` and `db:migrate`; further words go to drizzle-kit.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { migrateDatabase } from "@/lib/db/migrate/migrate";
import { parseDatabaseUrl } from "@/lib/variables";
import { loadEnvironmentFile, needsEmbeddedDatabase } from "../environment";
import { childEnvironment, exitOf } from "../processes";
import { Problem, reasonOf, runProgram } from "../program";
import { root } from "../root";
import { startDatabase } from "./start";

const USAGE = "Usage: npm run db:push, npm run db:generate or npm run db:migrate";
const KIT = join(root, "node_modules/drizzle-kit/bin.cjs");
const NO_URL = "DATABASE_URL is not usable: it must be mysql://user:password@host:port/database";

await runProgram(async (stop) => {
  loadEnvironmentFile();
  const [command = "", ...options] = process.argv.slice(2);
  if (command === "generate") return drizzleKit([command, ...options], stop);
  if (command === "push") return onDatabase(stop, () => drizzleKit([command, ...options], stop));
  if (command === "migrate") return onDatabase(stop, migrate);
  throw new Problem(USAGE);
});

/** Runs `body` on the database of DATABASE_URL, or on the embedded one while it is needed. */
async function onDatabase(stop: AbortSignal, body: (url: string) => Promise<number>) {
  const database = needsEmbeddedDatabase() ? await startDatabase({ stop }) : null;
  try {
    if (database) process.env.DATABASE_URL = database.url;
    const [url] = parseDatabaseUrl(process.env.DATABASE_URL ?? "");
    if (!url) throw new Problem(NO_URL);
    return await body(url);
  } finally {
    await database?.stop();
  }
}

async function migrate(url: string): Promise<number> {
  let done = 0;
  try {
    await migrateDatabase(url, (line) => {
      done += 1;
      console.log(line);
    });
  } catch (error) {
    throw new Problem(`The database could not be brought up to date: ${reasonOf(error)}`);
  }
  if (done === 0) console.log("Nothing to do: the database has had every migration.");
  return 0;
}

// In this terminal, where it may have something to ask.
async function drizzleKit(words: readonly string[], stop: AbortSignal): Promise<number> {
  stop.throwIfAborted();
  const child = spawn(process.execPath, [KIT, ...words], {
    cwd: root,
    env: childEnvironment(),
    stdio: "inherit",
  });
  return exitOf(child, { stop, end: () => child.kill("SIGTERM") });
}
