// Every address that the build answers, so that a new one is tested from its first day.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "@/scripts/root";

/** The paths of pages and of route handlers; a part in brackets is filled with `x`. */
export function builtRoutes(): { pages: string[]; handlers: string[] } {
  const routes: Record<string, string> = JSON.parse(
    readFileSync(join(root, ".next/app-path-routes-manifest.json"), "utf8"),
  );
  const pathsOf = (kind: string) =>
    Object.entries(routes)
      .filter(([source, path]) => source.endsWith(kind) && !path.startsWith("/_"))
      .map(([, path]) => path.replace(/\[[^\]]+\]/g, "x"));
  return { pages: pathsOf("/page"), handlers: pathsOf("/route") };
}
