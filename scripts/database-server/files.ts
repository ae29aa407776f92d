import { chownSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Account } from "./account";

/** Makes a folder that only the server's account can enter. */
export function makeFolder(folder: string, account: Account): void {
  mkdirSync(folder, { mode: 0o700 });
  give(folder, account);
}

/**
 * An empty folder of the server's own for temporary files, as its option. In a shared one, a server
 * that starts removes what those that run are working on.
 */
export function ownTemporaryFolder(folder: string, account: Account): string {
  const temporary = join(folder, "tmp");
  rmSync(temporary, { recursive: true, force: true });
  makeFolder(temporary, account);
  return `--tmpdir=${temporary}`;
}

/** Writes a file whole or not at all, readable by its owner only. */
export function writePrivately(file: string, text: string, account?: Account): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
  if (account) give(draft, account);
  renameSync(draft, file);
}

function give(path: string, { ids }: Account): void {
  if (ids.uid !== undefined && ids.gid !== undefined) chownSync(path, ids.uid, ids.gid);
}
