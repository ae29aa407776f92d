// The project's own sources, as the architecture tests read them.
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { child, children, type Node, nodesIn, parse, textOf } from "@/scripts/guards/syntax";
import { root } from "@/scripts/root";

export interface Import {
  /** A path of ours without its ending, such as `lib/env`, or the name of a package. */
  readonly from: string;
  readonly isOurs: boolean;
  /** Types alone: nothing of it is there at run time. */
  readonly isType: boolean;
  /** The names that are taken by value. */
  readonly names: readonly string[];
  /** What these are called in this file. */
  readonly locals: readonly string[];
  /** `export … from`: handed on to others. */
  readonly isHandedOn: boolean;
}

export interface Source {
  readonly path: string;
  readonly text: string;
  readonly statements: readonly Node[];
  readonly imports: readonly Import[];
}

/** Every source of lib, app, scripts and the root; generated files and tests apart. */
export function projectSources(): Source[] {
  const pattern = ["{lib,app,scripts}/**/*.{ts,tsx,mjs}", "*.{ts,mjs}"];
  const paths = pattern.flatMap((each) => globSync(each, { cwd: root })).sort();
  return paths
    .filter((path) => path !== "next-env.d.ts")
    .map((path) => source(path, readFileSync(join(root, path), "utf8")));
}

/** One source; the text may be made up. */
export function source(path: string, text: string): Source {
  const statements = parse(path, text);
  const imports = [...nodesIn(statements)].flatMap((node) => importOf(path, node));
  return { path, text, statements, imports };
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

function importOf(path: string, node: Node): Import[] {
  const isHandedOn = /^Export(Named|All)Declaration$/.test(node.type);
  const isImport = /^(Import(Declaration|Expression)|TSImportType)$/.test(node.type);
  if (!isHandedOn && !isImport) return [];
  const specifier = textOf(child(node, "source") ?? child(node, "argument"), "value");
  if (!specifier) return [];
  const specifiers = children(node.specifiers);
  const byValue = specifiers.filter((each) => kindOf(each) !== "type");
  const isType =
    node.type === "TSImportType" ||
    kindOf(node) === "type" ||
    (specifiers.length > 0 && byValue.length === 0);
  const named = (field: string) =>
    isType ? [] : byValue.map((each) => textOf(child(each, field), "name"));
  const called = { names: named("imported"), locals: named("local") };
  return [{ ...target(path, specifier), ...called, isType, isHandedOn }];
}

function kindOf(node: Node): string {
  return textOf(node, "importKind") || textOf(node, "exportKind");
}

function target(path: string, specifier: string): { from: string; isOurs: boolean } {
  if (specifier.startsWith("@/")) return { from: ours(specifier.slice(2)), isOurs: true };
  if (!specifier.startsWith(".")) return { from: packageOf(specifier), isOurs: false };
  return { from: ours(normalize(join(dirname(path), specifier))), isOurs: true };
}

function ours(path: string): string {
  return existsSync(join(root, `${path}.ts`)) ? path : withoutEnding(path);
}

function withoutEnding(path: string): string {
  return path.replace(/\.(tsx?|mjs)$/, "");
}

// `next/headers` stays whole: its parts are different doors.
function packageOf(specifier: string): string {
  if (/^(node:|next\/)/.test(specifier)) return specifier;
  const parts = specifier.split("/");
  return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}
