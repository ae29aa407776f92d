import { type ChildProcess, execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";

/** A process, told apart from a later one that the system gave the same number. */
export interface ProcessMark {
  readonly pid: number;
  readonly beganAt: string;
}

/** The mark of a process that runs now; null when there is none of that number. */
export function markOf(pid: number): ProcessMark | null {
  const beganAt = existsSync("/proc/self/stat") ? beganAtFromProc(pid) : beganAtFromPs(pid);
  return beganAt ? { pid, beganAt } : null;
}

/** Whether the marked process still runs, be it only with its last thread. */
export function isRunning(mark: ProcessMark): boolean {
  return markOf(mark.pid)?.beganAt === mark.beganAt;
}

/** Sends a signal to a process and all of its group; does nothing when they have ended. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // ESRCH: there is nobody left to tell.
  }
}

/** Ends the group of a process: first politely, then, after `patienceMs`, by SIGKILL. */
export async function stopGroup(mark: ProcessMark, patienceMs: number): Promise<void> {
  if (!isRunning(mark)) return;
  signalGroup(mark.pid, "SIGTERM");
  // A process that was paused could not hear it.
  signalGroup(mark.pid, "SIGCONT");
  const killAt = Date.now() + patienceMs;
  while (isRunning(mark)) {
    if (Date.now() > killAt) signalGroup(mark.pid, "SIGKILL");
    await wait(20);
  }
}

/** The exit code of a child, 1 where a signal ended it; throws when it could not be run. */
export async function exitOf(child: ChildProcess): Promise<number> {
  if (child.exitCode !== null) return child.exitCode;
  if (child.signalCode !== null) return 1;
  const [code]: (number | null)[] = await once(child, "exit");
  return code ?? 1;
}

function beganAtFromProc(pid: number): string | null {
  try {
    // The name in brackets may hold blanks: what follows its end is the third field.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").pop()?.split(" ") ?? [];
    const isZombie = fields[0] === "Z" || fields[0] === "X";
    // A killed process keeps its files and ports until its last thread has ended.
    if (isZombie && readdirSync(`/proc/${pid}/task`).length < 2) return null;
    return fields[19] ?? null;
  } catch {
    return null;
  }
}

function beganAtFromPs(pid: number): string | null {
  try {
    const line = execFileSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], {
      encoding: "utf8",
    }).trim();
    return line.startsWith("Z") ? null : line.slice(line.indexOf(" ") + 1).trim();
  } catch {
    return null;
  }
}
