import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readlinkSync } from "node:fs";
import { delimiter } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { exitOf } from "@/scripts/processes";

export interface Run {
  readonly pid: number;
  readonly ended: Promise<number>;
  /** Asks it to stop; does nothing when it has ended. */
  stop(): void;
  /** Everything it has printed so far. */
  output(): string;
  /** Returns once the output holds `text`; throws when the command ends before that. */
  printed(text: string): Promise<void>;
}

/** Runs an npm script as a person in that folder would: with a plain environment and these settings. */
export function npm(folder: string, words: string[], settings: Record<string, string> = {}): Run {
  const child = spawn("npm", words, {
    cwd: folder,
    env: environmentOfAPerson(settings),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  return {
    pid: child.pid ?? 0,
    ended: exitOf(child),
    stop: () => child.kill("SIGTERM"),
    output: () => said,
    printed: (text) =>
      until(
        () => said.includes(text),
        () => endedEarly(child, text, said),
      ),
  };
}

/** Asks again and again until it is so. */
export async function until(isSo: () => boolean | Promise<boolean>, watch = () => {}) {
  while (!(await isSo())) {
    watch();
    await wait(20);
  }
}

/** The processes that work in `folder`; Next changes its title, but not where it is. */
export function processesIn(folder: string): string[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
    } catch {
      // It has ended, and only its number is still there.
      return false;
    }
  });
}

function endedEarly(child: ChildProcess, text: string, said: string): void {
  if (child.exitCode === null && child.signalCode === null) return;
  throw new Error(`The command ended before it printed "${text}":\n${said}`);
}

// Without what the tests' own run put there: its settings, and this tree's programs in front.
function environmentOfAPerson(settings: Record<string, string>): NodeJS.ProcessEnv {
  const environment = { ...process.env };
  for (const name of Object.keys(environment))
    if (name !== "PATH" && name !== "HOME") Reflect.deleteProperty(environment, name);
  const folders = (environment.PATH ?? "").split(delimiter);
  const path = folders.filter((folder) => !folder.includes("node_modules")).join(delimiter);
  return Object.assign(environment, { PATH: path }, settings);
}
