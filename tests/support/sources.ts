// The project's own sources, as the architecture tests read them.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Import, importsOf, withoutEnding } from "@/scripts/guards/imports";
import { type Node, parse } from "@/scripts/guards/syntax";
import { root } from "@/scripts/root";
import { isGatehouses, THEIR_PAGES, THEIRS } from "./theirs";

export interface Source {
  readonly path: string;
  readonly text: string;
  readonly statements: readonly Node[];
  readonly imports: readonly Import[];
}

/**
 * Every source of lib, scripts and the root, and those of app that Gatehouse brings, with what a team
 * edits of them; generated files, tests and a team's own pages apart.
 */
export function projectSources(): Source[] {
  const pattern = ["{lib,app,scripts}/**/*.{ts,tsx,mjs}", "*.{ts,mjs}"];
  const paths = pattern.flatMap((each) => globSync(each, { cwd: root })).sort();
  return paths
    .filter((path) => path !== "next-env.d.ts" && (isGatehouses(path) || isEdited(path)))
    .map((path) => source(path, readFileSync(join(root, path), "utf8")));
}

function isEdited(path: string): boolean {
  return THEIRS.includes(path) || THEIR_PAGES.includes(path);
}

/** One source; the text may be made up. */
export function source(path: string, text: string): Source {
  const statements = parse(path, text);
  return { path, text, statements, imports: importsOf(path, statements) };
}

/** The sources that these bring in at run time, and what those bring in. */
export function closureOf(path: string, sources: readonly Source[]): Source[] {
  const reached = new Map<string, Source>();
  const visit = (wanted: string) => {
    const found = sources.find((each) => withoutEnding(each.path) === withoutEnding(wanted));
    if (!found || reached.has(found.path)) return;
    reached.set(found.path, found);
    for (const { from, isOurs, isType } of found.imports) if (isOurs && !isType) visit(from);
  };
  visit(path);
  return [...reached.values()];
}
