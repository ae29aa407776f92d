// Whether what opens without a lock may read data: by all that it brings in, however deep.
import { type Import, importsOf } from "./imports";
import { child, isDirective, type Node, nodesIn, textOf } from "./syntax";

export interface ParsedSource {
  readonly path: string;
  readonly statements: readonly Node[];
}

/** Gives a source by its path, with or without its ending; null where there is none. */
export type FindSource = (path: string) => ParsedSource | null;

// They show what they are given, or wait for a request and say nothing of it.
const HARMLESS = /^(react|react\/.*|next|next\/(link|image|navigation|font\/.*))$/;
const HARMLESS_OF_SERVER = ["connection"];
const ASSETS = /\.(css|svg|png|jpe?g|gif|webp|avif|ico|woff2?)$/;
const GLOBALS = /^(fetch|process|globalThis|global|require|eval|Function|WebSocket|EventSource)$/;

/**
 * By what a source could read data, in words; null where it cannot. What runs in the browser, and
 * server actions, are left out: these hold locks of their own. `lib` is data as a whole.
 */
export function readsData(path: string, find: FindSource, seen = new Set<string>()): string | null {
  const source = find(path);
  if (!source) return `${path}, which is not there`;
  if (seen.has(source.path) || isElsewhere(source.statements)) return null;
  seen.add(source.path);
  const brought = importsOf(source.path, source.statements).filter(({ isType }) => !isType);
  for (const each of brought) {
    const isRoom = each.isOurs && each.from.startsWith("app/") && !ASSETS.test(each.from);
    const data = isRoom ? readsData(each.from, find, seen) : dataOf(each);
    if (data) return data;
  }
  return readByItself(source.statements);
}

function dataOf({ from, isOurs, names }: Import): string | null {
  if (isOurs) return ASSETS.test(from) ? null : from;
  const isOfServer = from === "next/server" && names.length > 0;
  const isHarmless = isOfServer && names.every((name) => HARMLESS_OF_SERVER.includes(name));
  return isHarmless || HARMLESS.test(from) ? null : from;
}

// A directive counts where nothing but directives stands before it.
function isElsewhere(statements: readonly Node[]): boolean {
  const end = statements.findIndex((each) => !each.directive);
  const directives = statements.slice(0, end < 0 ? statements.length : end);
  return directives.some((each) =>
    ["use client", "use server"].some((words) => isDirective(each, words)),
  );
}

function readByItself(statements: readonly Node[]): string | null {
  const nodes = [...nodesIn(statements)];
  const isUnknown = (node: Node) =>
    node.type === "ImportExpression" && !textOf(child(node, "source"), "value");
  if (nodes.some(isUnknown)) return "an import whose path is not written out";
  return nodes.map((node) => textOf(node, "name")).find((name) => GLOBALS.test(name)) ?? null;
}
