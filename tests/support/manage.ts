// The command line, run as a process of its own on the test file's database.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { exitOf } from "@/scripts/processes";
import { root } from "@/scripts/root";

export interface Ended {
  readonly code: number;
  /** Standard output and standard error. */
  readonly out: string;
  readonly err: string;
  json(): unknown;
}

const OPTIONS = ["--conditions=react-server", "--import", "tsx"];

/** Runs `npm run manage -- <words>` without npm; `input` is what standard input gives. */
export async function manage(
  words: readonly string[],
  { input = "", settings = {} }: { input?: string; settings?: Record<string, string> } = {},
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
  return { code, out, err, json: () => JSON.parse(out) };
}

/** The same, still waiting for its standard input. */
export function startManage(words: readonly string[], settings: Record<string, string> = {}) {
  const program = join(root, "scripts/manage/main.ts");
  return spawn(process.execPath, [...OPTIONS, program, ...words], {
    cwd: root,
    env: { ...process.env, ...settings },
    stdio: ["pipe", "pipe", "pipe"],
  });
}
