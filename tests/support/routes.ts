// Every address that the build answers, so that a new one is tested from its first day.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "@/scripts/root";

/** What to put where a route has a part in brackets, by the part before it. */
export type Fill = (before: string) => string;

/** The paths of pages and of route handlers; a part in brackets is filled, with `x` if not told how. */
export function builtRoutes(fill: Fill = () => "x"): { pages: string[]; handlers: string[] } {
  const routes: Record<string, string> = JSON.parse(
    readFileSync(join(root, ".next/app-path-routes-manifest.json"), "utf8"),
  );
  const pathsOf = (kind: string) =>
    Object.entries(routes)
      .filter(([source, path]) => source.endsWith(kind) && !path.startsWith("/_"))
      .map(([, path]) => filled(path, fill));
  return { pages: pathsOf("/page"), handlers: pathsOf("/route") };
}

/** A route such as `/admin/users/[id]` as somebody would ask for it. */
export function filled(route: string, fill: Fill): string {
  return route.replace(/([^/]*)\/\[[^\]]+\]/g, (_, before) => `${before}/${fill(before)}`);
}
