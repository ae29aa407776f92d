// The command line on the test file's database.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { format } from "node:util";
import { vi } from "vitest";
import { runCommands } from "@/scripts/manage/commands";
import { exitOf } from "@/scripts/processes";
import { Problem } from "@/scripts/program";
import { root } from "@/scripts/root";

export interface Ended {
  readonly code: number;
  /** Standard output and standard error. */
  readonly out: string;
  readonly err: string;
  json(): unknown;
}

const OPTIONS = ["--conditions=react-server", "--import", "tsx"];

/**
 * Runs `npm run manage -- <words>`. What needs other settings is a process of its own, without npm;
 * all else runs here, since a process takes seconds to start.
 */
export function manage(
  words: readonly string[],
  { input, settings }: { input?: string; settings?: Record<string, string> } = {},
): Promise<Ended> {
  if (settings === undefined) return manageHere(words, input ?? "");
  return manageApart(words, input ?? "", settings);
}

async function manageHere(words: readonly string[], input: string): Promise<Ended> {
  const giveBack = standardInput(Readable.from([input]));
  const [out, err] = [listenTo("stdout", "log"), listenTo("stderr", "error")];
  try {
    const code = await runCommands(words, new AbortController().signal);
    return ended(code, out.said(), err.said());
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return ended(1, out.said(), `${err.said()}${error.message}\n`);
  } finally {
    out.stop();
    err.stop();
    giveBack();
  }
}

/** Puts a stream in place of this process's own; what it returns puts that back. */
function standardInput(stream: Readable): () => void {
  const own = Object.getOwnPropertyDescriptor(process, "stdin") ?? {};
  Object.defineProperty(process, "stdin", { configurable: true, value: stream });
  return () => Object.defineProperty(process, "stdin", own);
}

// The test runner has a console of its own, which does not go by the stream.
function listenTo(stream: "stdout" | "stderr", method: "log" | "error") {
  const pieces: string[] = [];
  const written = vi.spyOn(process[stream], "write").mockImplementation((piece) => {
    pieces.push(String(piece));
    return true;
  });
  const printed = vi.spyOn(console, method).mockImplementation((...words) => {
    pieces.push(`${format(...words)}\n`);
  });
  const stop = () => {
    written.mockRestore();
    printed.mockRestore();
  };
  return { said: () => pieces.join(""), stop };
}

async function manageApart(
  words: readonly string[],
  input: string,
  settings: Record<string, string>,
): Promise<Ended> {
  const child = startManage(words, settings);
  child.stdin.on("error", () => {
    // It ended before it had read everything.
  });
  child.stdin.end(input);
  const [out, err, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    exitOf(child),
  ]);
  return ended(code, out, err);
}

function ended(code: number, out: string, err: string): Ended {
  return { code, out, err, json: () => JSON.parse(out) };
}

/** The process itself, still waiting for its standard input. */
export function startManage(words: readonly string[], settings: Record<string, string> = {}) {
  const program = join(root, "scripts/manage/main.ts");
  return spawn(process.execPath, [...OPTIONS, program, ...words], {
    cwd: root,
    env: { ...process.env, ...settings },
    stdio: ["pipe", "pipe", "pipe"],
  });
}

/** The command line at a terminal of 80 columns: what it shows, and how to type once it has asked. */
export function startAtTerminal(words: readonly string[]) {
  const program = join(root, "scripts/manage/main.ts");
  const quoted = [process.execPath, ...OPTIONS, program, ...words].map((word) => `'${word}'`);
  // `script` is on every Debian; -e hands on the exit code.
  const command = `stty cols 80; exec ${quoted.join(" ")}`;
  const child = spawn("script", ["-qefc", command, "/dev/null"], {
    cwd: root,
    env: { ...process.env, NO_COLOR: undefined, TERM: "xterm" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let shown = "";
  child.stdout.setEncoding("utf8").on("data", (piece: string) => {
    shown += piece;
  });
  const type = async (question: string, response: string) => {
    await vi.waitUntil(() => shown.includes(question), { timeout: 30_000 });
    child.stdin.write(`${response}\n`);
  };
  return { type, shown: () => shown, code: exitOf(child) };
}
