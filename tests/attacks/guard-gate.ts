// Tries to get open code past `npm run manage -- guards`: writes every trick of tests/support/open-code
// into a copy of this project, each in a folder of its own, and lets the gate look at them.
//   node scripts/run.mjs tests/attacks/guard-gate.ts
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "@/scripts/root";
import { TRICKS } from "../support/open-code";

interface Outcome {
  /** What the gate exited with. */
  readonly code: number | null;
  /** What it said, one refusal a line. */
  readonly refused: readonly string[];
  /** The tricks that it did not refuse for what they are. */
  readonly missed: readonly string[];
}

/** Tries all of them, in a new folder within `place`. */
export async function tryTricks(place = tmpdir()): Promise<Outcome> {
  const folder = mkdtempSync(join(place, "tricks-"));
  for (const path of ["app", "drizzle", "lib", "scripts", "package.json", "tsconfig.json"])
    cpSync(join(root, path), join(folder, path), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const tried = TRICKS.map(([name, path, text, refusal], number) => {
    const source = path.replace("app/a/", `app/trick${number}/`);
    mkdirSync(dirname(join(folder, source)), { recursive: true });
    writeFileSync(join(folder, source), text);
    return { name, source, refusal };
  });
  const words = [
    "--conditions=react-server",
    "--import",
    "tsx",
    "scripts/manage/main.ts",
    "guards",
  ];
  const { status, stderr } = spawnSync(process.execPath, words, { cwd: folder, encoding: "utf8" });
  rmSync(folder, { recursive: true });
  const refused = stderr.trim().split("\n");
  const isRefused = ({ source, refusal }: (typeof tried)[number]) =>
    refused.some((line) => line.startsWith(`${source}:`) && refusal.test(line));
  return {
    code: status,
    refused,
    missed: tried.filter((trick) => !isRefused(trick)).map(({ name }) => name),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { code, refused, missed } = await tryTricks();
  for (const line of refused) console.log(line);
  console.log(
    `${TRICKS.length} tricks, ${missed.length} not refused; the gate exited with ${code}.`,
  );
  for (const name of missed) console.log(`  got past: ${name}`);
  process.exitCode = code === 1 && missed.length === 0 ? 0 : 1;
}
