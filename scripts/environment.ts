import { existsSync } from "node:fs";
import { join } from "node:path";
import { readSettings, type Settings } from "@/lib/env";
import { isLoopback } from "@/lib/setting-values";
import { dataFolder, root } from "./root";
import { keptSecret } from "./secret";

// Stands for the embedded server's URL while that server is still down.
const EMBEDDED = "mysql://gatehouse@127.0.0.1/gatehouse";

/** Reads `.env`, where there is one; what the environment already says stands. */
export function loadEnvironmentFile(): void {
  const file = join(root, ".env");
  if (existsSync(file)) process.loadEnvFile(file);
}

/** Whether Gatehouse has to bring a database itself. */
export function needsEmbeddedDatabase(): boolean {
  return !process.env.DATABASE_URL;
}

/** Checks every setting, and makes the session secret where none is needed from outside. */
export function completeSettings(): Settings {
  if (!process.env.SESSION_SECRET && isLocal(process.env.APP_URL))
    process.env.SESSION_SECRET = keptSecret(join(dataFolder, "session-secret"), "base64url");
  return readSettings({ ...process.env, DATABASE_URL: process.env.DATABASE_URL || EMBEDDED });
}

function isLocal(appUrl: string | undefined): boolean {
  return !appUrl || (URL.canParse(appUrl) && isLoopback(new URL(appUrl).hostname));
}
