import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Makes a folder that only its owner can enter. */
export function makeFolder(folder: string): void {
  mkdirSync(folder, { mode: 0o700 });
}

/**
 * An empty folder of the server's own for temporary files, as its option. In a shared one, a server
 * that starts removes what those that run are working on.
 */
export function ownTemporaryFolder(folder: string): string {
  const temporary = join(folder, "tmp");
  rmSync(temporary, { recursive: true, force: true });
  makeFolder(temporary);
  return `--tmpdir=${temporary}`;
}

/** Writes a file whole or not at all, readable by its owner only. */
export function writePrivately(file: string, text: string): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}
