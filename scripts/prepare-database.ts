import { migrateDatabase } from "@/lib/db/migrate";
import { readSettings } from "@/lib/env";
import { type Database, startDatabase } from "./database";
import { needsEmbeddedDatabase } from "./environment";
import { Problem } from "./program";

const FIRST_ADMINISTRATOR = `There are no users yet. Make the first administrator with:
  npm run manage -- users create --username admin --email admin@example.com --role admin --generate-password`;

/** Brings the database if there is none, and its tables. Null where it is somebody else's server. */
export async function bringDatabase(stop: AbortSignal): Promise<Database | null> {
  const database = needsEmbeddedDatabase() ? await startDatabase({ stop }) : null;
  try {
    if (database) process.env.DATABASE_URL = database.url;
    await migrate();
    return database;
  } catch (error) {
    await database?.stop();
    throw error;
  }
}

/** Sees to it that somebody can sign in; returns what to tell the person who starts it. */
export async function greeting(isEmbedded: boolean): Promise<string | null> {
  // Not before DATABASE_URL is there: these read it when they are first used.
  const { closeDatabase } = await import("@/lib/db/connection");
  const { closeHashingThreads } = await import("@/lib/account/hashing-threads");
  try {
    if (!isEmbedded) {
      const { countUsers } = await import("@/lib/account/users");
      return (await countUsers()) === 0 ? FIRST_ADMINISTRATOR : null;
    }
    const { createFirstAdministrator } = await import("@/lib/account/first-administrator");
    const made = await createFirstAdministrator();
    return made && `Demo administrator: ${made.username}  password: ${made.password}`;
  } finally {
    await Promise.all([closeDatabase(), closeHashingThreads()]);
  }
}

async function migrate(): Promise<void> {
  const [url = ""] = readSettings(process.env).DATABASE_URL;
  try {
    await migrateDatabase(url);
  } catch (error) {
    const { host } = new URL(url);
    throw new Problem(
      `The database at ${host} could not be brought up to date: ${reason(error)}\nMend that, or set DATABASE_URL to another, and start again.`,
    );
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const code = "code" in error ? String(error.code) : "";
  return [error.message || code, cause instanceof Error ? cause.message : ""]
    .filter(Boolean)
    .join(" ");
}
