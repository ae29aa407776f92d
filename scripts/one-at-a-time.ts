import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { isRunning, markOf, type ProcessMark } from "./processes";

/** Runs `body` while no other process does so for this file. A holder that died counts no more. */
export async function oneAtATime<T>(file: string, stop: AbortSignal, body: () => Promise<T>) {
  while (!take(file)) {
    if (isStale(file)) discard(file);
    else await wait(50, undefined, { signal: stop });
  }
  try {
    return await body();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string): boolean {
  try {
    writeFileSync(file, JSON.stringify(markOf(process.pid)), { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

function isStale(file: string): boolean {
  try {
    const holder: ProcessMark = JSON.parse(readFileSync(file, "utf8"));
    return !isRunning(holder);
  } catch {
    // Gone, or just being written: look again.
    return false;
  }
}

// A rename, since of two who find the same dead holder only one can do it.
function discard(file: string): void {
  try {
    renameSync(file, `${file}.${process.pid}`);
    rmSync(`${file}.${process.pid}`, { force: true });
  } catch {
    // The other one did it.
  }
}
