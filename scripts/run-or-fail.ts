import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { childEnvironment } from "./child-environment";
import { exitOf, signalGroup } from "./processes";
import { Problem } from "./program";
import { root } from "./root";

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
  const end = () => endGroup(child.pid);
  stop.addEventListener("abort", end);
  const said = Promise.all([child.stdout, child.stderr].map((out) => (out ? text(out) : "")));
  const code = await exitOf(child);
  stop.removeEventListener("abort", end);
  stop.throwIfAborted();
  if (code !== 0)
    throw new Problem([...(await said), `${what} failed.`].filter(Boolean).join("\n"));
}

// Politely first: tests run whole servers, which then stop what they started themselves.
function endGroup(pid: number | undefined): void {
  if (!pid) return;
  signalGroup(pid, "SIGTERM");
  setTimeout(() => signalGroup(pid, "SIGKILL"), PATIENCE_MILLISECONDS).unref();
}
