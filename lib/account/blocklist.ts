import "server-only";
import { accessSync, constants, statSync } from "node:fs";
import path from "node:path";
import { Piscina } from "piscina";
import { SettingsError, settings } from "@/lib/env";
import { log } from "@/lib/log";

declare global {
  var gatehouseBlocklist: Piscina | undefined;
}

/**
 * Begins to read the file that `PASSWORD_BLOCKLIST` names, where it names one, in a thread of its own
 * and delaying nobody: only a password that is set before the end waits for it. Throws SettingsError
 * where the file is not there or cannot be read.
 */
export function openBlocklist(): void {
  const file = settings().PASSWORD_BLOCKLIST;
  if (file === undefined) return;
  const fault = blocklistFileFault(file);
  if (fault)
    throw new SettingsError(
      `PASSWORD_BLOCKLIST is ${JSON.stringify(file)}: ${fault}; name a file that this process can read, with one password or SHA-1 a line`,
    );
  isBlocked("").catch((error) => log().error({ err: error }, "could not read PASSWORD_BLOCKLIST"));
}

/**
 * Whether a password is in one's own list; false where there is none. Three in a hundred thousand that are not in
 * it are taken for one that is. Waits until the list is read. Throws where it cannot be.
 */
export async function isBlocked(password: string): Promise<boolean> {
  const file = settings().PASSWORD_BLOCKLIST;
  return file !== undefined && (await thread().run({ file, password }));
}

/** Ends the thread, so that a process can. */
export async function closeBlocklist(): Promise<void> {
  await globalThis.gatehouseBlocklist?.destroy();
  globalThis.gatehouseBlocklist = undefined;
}

// The thread keeps the filter: one copy, and no event loop waits while it is filled. On globalThis,
// since each bundle has a copy of this module.
function thread(): Piscina {
  globalThis.gatehouseBlocklist ??= new Piscina({
    filename: path.join(process.cwd(), "lib/account/blocklist-worker.mjs"),
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: Number.POSITIVE_INFINITY,
    // Lines are garbage at once: little room for it keeps the process small.
    resourceLimits: { maxYoungGenerationSizeMb: 2 },
  }).on("message", ({ read, lines }) => {
    const words = read === lines ? "read the blocklist" : "reading the blocklist";
    log().info({ read, lines }, words);
  });
  return globalThis.gatehouseBlocklist;
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
