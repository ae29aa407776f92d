import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { Problem } from "./program";
import { root } from "./root";

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

interface Stopping {
  readonly stop: AbortSignal;
  /** What ends the child when `stop` is aborted. */
  readonly end: (pid: number) => void;
}

/** The exit code of a child, 1 where a signal ended it; throws when it could not be run. */
export async function exitOf(child: ChildProcess, stopping?: Stopping): Promise<number> {
  if (child.exitCode !== null) return child.exitCode;
  if (child.signalCode !== null) return 1;
  const onStop = () => child.pid && stopping?.end(child.pid);
  stopping?.stop.addEventListener("abort", onStop);
  try {
    const [code]: (number | null)[] = await once(child, "exit");
    return code ?? 1;
  } finally {
    stopping?.stop.removeEventListener("abort", onStop);
  }
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

interface RunOptions {
  readonly stop: AbortSignal;
  /** Quiet: its words are shown only when it fails. */
  readonly voice: "quiet" | "loud";
  /** The subject of the message when it fails. */
  readonly what: string;
  readonly env?: Record<string, string>;
}

const PATIENCE_MILLISECONDS = 7_000;

/** Runs a program to its end, in a group of its own that `stop` ends; throws unless it exits with 0. */
export async function runOrFail(command: [string, ...string[]], options: RunOptions) {
  const { stop, voice, what, env } = options;
  stop.throwIfAborted();
  const [program, ...words] = command;
  const child = spawn(program, words, {
    cwd: root,
    env: { ...childEnvironment(), ...env },
    stdio: ["ignore", voice === "loud" ? "inherit" : "pipe", voice === "loud" ? "inherit" : "pipe"],
    detached: true,
  });
  const said = Promise.all([child.stdout, child.stderr].map((out) => (out ? text(out) : "")));
  const code = await exitOf(child, { stop, end: endGroup });
  stop.throwIfAborted();
  if (code !== 0)
    throw new Problem([...(await said), `${what} failed.`].filter(Boolean).join("\n"));
}

// Politely first: tests run whole servers, which then stop what they started themselves.
function endGroup(pid: number): void {
  signalGroup(pid, "SIGTERM");
  setTimeout(() => signalGroup(pid, "SIGKILL"), PATIENCE_MILLISECONDS).unref();
}

/** The environment for Next and for tools: which mode they run in is their own choice. */
export function childEnvironment(): NodeJS.ProcessEnv {
  const environment = { ...process.env, NEXT_TELEMETRY_DISABLED: "1" };
  Reflect.deleteProperty(environment, "NODE_ENV");
  return environment;
}
