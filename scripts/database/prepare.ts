import { migrateDatabase } from "@/lib/db/migrate/migrate";
import { readSettings } from "@/lib/env";
import { needsEmbeddedDatabase } from "../environment";
import { Problem, reasonOf } from "../program";
import { type Database, startDatabase } from "./start";

const FIRST_ADMINISTRATOR = `No administrator can sign in yet. Make the first one with:
  npm run manage -- users create --username admin --email admin@example.com --role admin --generate-password`;

/** Brings the database if there is none, and its tables. Null where it is somebody else's server. */
export async function bringDatabase(stop: AbortSignal): Promise<Database | null> {
  const database = needsEmbeddedDatabase() ? await startDatabase({ stop }) : null;
  try {
    await migrate(database?.url);
    // What runs from here on has no right to change a table.
    if (database) process.env.DATABASE_URL = database.runtimeUrl;
    return database;
  } catch (error) {
    await database?.stop();
    throw error;
  }
}

/**
 * Sees to it that somebody can sign in; returns what to tell the person who starts it. Null where
 * an administrator can: nobody knows their password here.
 */
export async function greeting(isEmbedded: boolean): Promise<string | null> {
  return withAccounts(async ({ createFirstAdministrator, administratorWhoCanSignIn }) => {
    const made = isEmbedded ? await createFirstAdministrator() : null;
    if (made) return `Demo administrator: ${made.username}  password: ${made.password}`;
    return (await administratorWhoCanSignIn()) ? null : FIRST_ADMINISTRATOR;
  });
}

/** How somebody signs in who has just filled the database with people who cannot. */
export async function howToSignIn(isEmbedded: boolean): Promise<string> {
  const words = await greeting(isEmbedded);
  if (words) return words;
  const name = await withAccounts((accounts) => accounts.administratorWhoCanSignIn());
  return `Sign in as ${name}, as before. To set another password:
  npm run manage -- users set-password ${name}`;
}

type Accounts = typeof import("@/lib/auth/change-user");

async function withAccounts<T>(ask: (accounts: Accounts) => Promise<T>): Promise<T> {
  // Not before DATABASE_URL is there: these read it when they are first used.
  const { closeDatabase } = await import("@/lib/db/connection");
  const { closeHashingThreads } = await import("@/lib/auth/password-threads");
  try {
    return await ask(await import("@/lib/auth/change-user"));
  } finally {
    await Promise.all([closeDatabase(), closeHashingThreads()]);
  }
}

async function migrate(embeddedUrl?: string): Promise<void> {
  const url = embeddedUrl ?? readSettings(process.env).DATABASE_URL[0] ?? "";
  try {
    await migrateDatabase(url);
  } catch (error) {
    const { host } = new URL(url);
    throw new Problem(
      `The database at ${host} could not be brought up to date: ${reasonOf(error)}\nMend that, or set DATABASE_URL to another, and start again.`,
    );
  }
}
