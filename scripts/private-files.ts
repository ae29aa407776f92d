import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** A random secret of 256 bits, made once and kept in a file that only its owner can read. */
export function keptSecret(file: string, encoding: "hex" | "base64url"): string {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    try {
      // Never over one that is there: two processes may start at once.
      writeFileSync(file, `${randomBytes(32).toString(encoding)}\n`, { mode: 0o600, flag: "wx" });
    } catch (error) {
      if (!existsSync(file)) throw error;
    }
  }
  chmodSync(file, 0o600);
  return readFileSync(file, "utf8").trim();
}

/** Writes a file whole or not at all, readable by its owner only. */
export function writePrivately(file: string, text: string): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}
