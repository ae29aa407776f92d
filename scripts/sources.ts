import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

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
export function hashOfSources(root: string): string {
  const hash = createHash("sha256");
  for (const path of BUILT_FROM.flatMap((entry) => filesIn(root, entry))) {
    const text = readFileSync(join(root, path));
    hash.update(`${path}\0${text.length}\0`).update(text);
  }
  return hash.digest("hex");
}

function filesIn(root: string, path: string): string[] {
  const place = join(root, path);
  if (!existsSync(place)) return [];
  if (!statSync(place).isDirectory()) return [path];
  return readdirSync(place)
    .sort()
    .flatMap((name) => filesIn(root, join(path, name)));
}
