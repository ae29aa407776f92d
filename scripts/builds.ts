import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { oneAtATime } from "./one-at-a-time";
import { runOrFail } from "./processes";
import { dataFolder, root } from "./root";

// Inside the build, so that whoever removes the build removes the claim as well.
const stamp = join(root, ".next", "built-from");

/** Builds where the build is missing or was made from other sources. */
export async function buildIfNeeded(stop: AbortSignal): Promise<void> {
  mkdirSync(dataFolder, { recursive: true });
  await oneAtATime(join(dataFolder, "build.holder"), stop, async () => {
    if (isBuilt()) return;
    console.log("Building …");
    const begun = Date.now();
    await build(stop, "quiet");
    console.log(`Built in ${Math.round((Date.now() - begun) / 1000)} s.`);
  });
}

/** Runs `next build`; quiet means that its words are shown only when it fails. */
export async function build(stop: AbortSignal, voice: "quiet" | "loud"): Promise<void> {
  const hash = hashOfSources(root);
  rmSync(stamp, { force: true });
  const next = join(root, "node_modules/next/dist/bin/next");
  await runOrFail([process.execPath, next, "build"], { stop, voice, what: "The build" });
  writeFileSync(stamp, `${hash}\n`);
}

/** Whether there is a build, made from the sources as they are. */
export function isBuilt(): boolean {
  return existsSync(stamp) && readFileSync(stamp, "utf8").trim() === hashOfSources(root);
}

const BUILT_FROM = [
  "app",
  "lib",
  "drizzle/meta/_journal.json",
  "public",
  "instrumentation.ts",
  "middleware.ts",
  "next.config.ts",
  "postcss.config.mjs",
  "package-lock.json",
  "tsconfig.json",
];

/** One hash over every file that the build is made from, names included. */
export function hashOfSources(folder: string): string {
  const hash = createHash("sha256");
  for (const path of BUILT_FROM.flatMap((entry) => filesIn(folder, entry))) {
    const text = readFileSync(join(folder, path));
    hash.update(`${path}\0${text.length}\0`).update(text);
  }
  return hash.digest("hex");
}

function filesIn(folder: string, path: string): string[] {
  const place = join(folder, path);
  if (!existsSync(place)) return [];
  if (!statSync(place).isDirectory()) return [path];
  return readdirSync(place)
    .sort()
    .flatMap((name) => filesIn(folder, join(path, name)));
}
