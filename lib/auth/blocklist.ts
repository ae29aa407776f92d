import "server-only";
import { accessSync, constants, statSync } from "node:fs";
import path from "node:path";
import { Piscina } from "piscina";
import { SettingsError, settings } from "@/lib/env";
import { log } from "@/lib/log";

declare global {
  var gatehouseBlocklist: Piscina | undefined;
}

/** The list of one's own cannot be asked, so no password can be taken; the message says why. Answer 503. */
export class BlocklistUnavailable extends Error {
  override readonly name = "BlocklistUnavailable";
}

/**
 * Begins to read the file that `PASSWORD_BLOCKLIST` names, where it names one, in a thread of its own
 * and delaying nobody: only a password that is set before the end waits for it. Throws SettingsError
 * where the file is not there or cannot be read.
 */
export function openBlocklist(): void {
  const { PASSWORD_BLOCKLIST: file } = settings();
  requireBlocklistFile(file);
  if (file !== undefined) isBlocked("").catch(() => undefined);
}

/** Throws SettingsError where a list of one's own is wanted and cannot be read. */
export function requireBlocklistFile(file: string | undefined): void {
  const fault = file === undefined ? null : blocklistFileFault(file);
  if (fault)
    throw new SettingsError(
      `PASSWORD_BLOCKLIST is ${JSON.stringify(file)}: ${fault}; name a file that this process can read, with one password or SHA-1 a line`,
    );
}

/**
 * Whether a password is in one's own list; false where there is none. Three in a hundred thousand that are not in
 * it are taken for one that is. Waits until the list is read. Throws BlocklistUnavailable.
 */
export async function isBlocked(password: string): Promise<boolean> {
  const file = settings().PASSWORD_BLOCKLIST;
  if (file === undefined) return false;
  const pool = thread();
  try {
    return await pool.run({ file, password });
  } catch (error) {
    log().error({ err: error }, "could not read PASSWORD_BLOCKLIST");
    // Whatever it was, the next question begins anew.
    await giveUp(pool);
    throw new BlocklistUnavailable(`PASSWORD_BLOCKLIST cannot be read: ${error}`, { cause: error });
  }
}

/** Ends the thread, so that a process can. */
export async function closeBlocklist(): Promise<void> {
  if (globalThis.gatehouseBlocklist) await giveUp(globalThis.gatehouseBlocklist);
}

// The thread keeps the filter: one copy, and no event loop waits while it is filled. On globalThis,
// since each bundle has a copy of this module.
function thread(): Piscina {
  globalThis.gatehouseBlocklist ??= begin();
  return globalThis.gatehouseBlocklist;
}

function begin(): Piscina {
  const pool = new Piscina({
    filename: path.join(process.cwd(), "lib/auth/blocklist-worker.mjs"),
    // One thread, which has every question from its start: where it cannot begin, none waits for ever.
    minThreads: 1,
    maxThreads: 1,
    concurrentTasksPerWorker: Number.MAX_SAFE_INTEGER,
    idleTimeout: Number.POSITIVE_INFINITY,
    // Without the loaders of scripts and with little room for garbage the process stays small.
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: 2 },
  });
  pool.on("message", ({ read, lines }) => {
    const words = read === lines ? "read the blocklist" : "reading the blocklist";
    log().info({ read, lines }, words);
  });
  pool.on("error", (error) => {
    log().error({ err: error }, "the blocklist's thread ended");
    void giveUp(pool);
  });
  return pool;
}

async function giveUp(pool: Piscina): Promise<void> {
  if (globalThis.gatehouseBlocklist === pool) globalThis.gatehouseBlocklist = undefined;
  await pool.destroy();
}

/** Why a list of one's own cannot be read; null where it can. */
export function blocklistFileFault(file: string): string | null {
  try {
    accessSync(file, constants.R_OK);
    return statSync(file).isFile() ? null : "it is no file";
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    return isMissing ? "there is no such file" : "it cannot be read";
  }
}
