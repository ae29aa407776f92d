import { join } from "node:path";
import { runOrFail } from "./processes";
import { root } from "./root";

const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
const next = join(root, "node_modules/next/dist/bin/next");
const tsc = join(root, "node_modules/typescript/bin/tsc");

/** Runs the linter and formatter over everything, or over the files and options given. */
export async function lint(stop: AbortSignal, words: readonly string[] = ["."]): Promise<void> {
  const command = ["check", "--error-on-warnings", ...words];
  await runOrFail([process.execPath, biome, ...command], { stop, voice: "loud", what: "Lint" });
}

/** Runs the compiler, after making the types of the routes, which are not kept. */
export async function typecheck(stop: AbortSignal, words: readonly string[] = []): Promise<void> {
  await runOrFail([process.execPath, next, "typegen"], { stop, voice: "quiet", what: "typegen" });
  const command: [string, ...string[]] = [process.execPath, tsc, "--noEmit", ...words];
  await runOrFail(command, { stop, voice: "loud", what: "Type checking" });
}
