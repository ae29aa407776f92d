import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { childEnvironment, exitOf, markOf, signalGroup, stopGroup } from "../processes";
import { Problem } from "../program";
import { root } from "../root";

interface NextServer {
  readonly pid: number;
  /** Its exit code, once it has ended by itself or was stopped. */
  readonly ended: Promise<number>;
  /** Returns once it answers; throws when it ends before that. */
  ready(stop: AbortSignal): Promise<void>;
  /** Lets running requests finish, then ends it. */
  stop(): Promise<void>;
}

interface Listen {
  readonly mode: "start" | "dev";
  readonly host: string;
  readonly port: number;
}

const firstWords = join(root, "scripts/serve/quiet-next.mjs");

// With the database's own stop this stays within the ten seconds that are promised.
const PATIENCE_MILLISECONDS = 7_500;

/** Starts Next in a group of its own, so that a terminal's Ctrl-C reaches it once, through us. */
export function startNext({ mode, host, port }: Listen): NextServer {
  const next = join(root, "node_modules/next/dist/bin/next");
  const quiet = mode === "start" ? ["--import", pathToFileURL(firstWords).href] : [];
  const words = [...quiet, next, mode, "-H", host, "-p", String(port)];
  const child = spawn(process.execPath, words, {
    cwd: root,
    env: childEnvironment(),
    stdio: ["ignore", "inherit", "inherit"],
    detached: true,
  });
  const ended = exitOf(child);
  return {
    pid: child.pid ?? 0,
    ended,
    ready: (stop) => ready(child, `http://${reachable(host)}:${port}/api/health/live`, stop),
    stop: () => stopNext(child),
  };
}

async function ready(child: ChildProcess, url: string, stop: AbortSignal): Promise<void> {
  while (!(await isServing(url, stop))) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Problem("The server ended before it answered; its reason is above.");
    await wait(50, undefined, { signal: stop });
  }
}

async function isServing(url: string, stop: AbortSignal): Promise<boolean> {
  try {
    const { ok } = await fetch(url, {
      signal: AbortSignal.any([stop, AbortSignal.timeout(30_000)]),
    });
    return ok;
  } catch {
    return false;
  }
}

// "All addresses" is something to listen on, not to connect to.
function reachable(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}

async function stopNext(child: ChildProcess): Promise<void> {
  const mark = child.pid ? markOf(child.pid) : null;
  if (mark) await stopGroup(mark, PATIENCE_MILLISECONDS);
  // What it may have started itself.
  if (child.pid) signalGroup(child.pid, "SIGKILL");
}
