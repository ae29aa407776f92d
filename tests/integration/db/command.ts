import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** What `npx drizzle-kit push` runs, without the time that npx takes. */
export const PUSH = "node node_modules/drizzle-kit/bin.cjs push";

/** Runs a command of the project as a person would, with nobody there to answer questions. */
export async function command(line: string, url: string): Promise<Ended> {
  const [program = "", ...words] = line.split(" ");
  const child = spawn(program, words, {
    env: { ...process.env, DATABASE_URL: url },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [output, [code]] = await Promise.all([
    Promise.all([text(child.stdout), text(child.stderr)]),
    once(child, "exit"),
  ]);
  return { code, output: output.join("\n") };
}
