import { existsSync } from "node:fs";
import { join } from "node:path";
import { readSettings, type Settings, SettingsError } from "@/lib/env";
import { isLoopback, VARIABLES } from "@/lib/variables";
import { keptSecret } from "./private-files";
import { dataFolder, root } from "./root";

// Stands for the embedded server's URL while that server is still down.
const EMBEDDED = "mysql://gatehouse@127.0.0.1/gatehouse";

/** Reads `.env`, where there is one; what the environment already says stands. */
export function loadEnvironmentFile(): void {
  const file = join(root, ".env");
  if (existsSync(file)) process.loadEnvFile(file);
}

/**
 * Whether Gatehouse has to bring a database itself. Throws SettingsError where a public site names none:
 * an empty one, with a demo administrator, must not take the place of the real one.
 */
export function needsEmbeddedDatabase(): boolean {
  if (process.env.DATABASE_URL) return false;
  if (isLocal(process.env.APP_URL)) return true;
  throw new SettingsError(NO_DATABASE);
}

const NO_DATABASE = `DATABASE_URL is not set: it ${VARIABLES.DATABASE_URL.description}`;

/** Validates every setting, and makes the session secret where none is needed from outside. */
export function completeSettings(): Settings {
  if (!process.env.SESSION_SECRET && isLocal(process.env.APP_URL))
    process.env.SESSION_SECRET = keptSecret(join(dataFolder, "session-secret"), "base64url");
  const { DATABASE_URL: url, APP_URL } = process.env;
  // All that is wrong is told at once, and the rest is judged only where every one has a value.
  const found = url || isLocal(APP_URL) ? [] : [NO_DATABASE];
  return readSettings({ ...process.env, DATABASE_URL: url || EMBEDDED }, found);
}

function isLocal(appUrl: string | undefined): boolean {
  return !appUrl || (URL.canParse(appUrl) && isLoopback(new URL(appUrl).hostname));
}
