// Whether what opens without a guard may read data: by all that it brings in, however deep.
import { isBuiltin } from "node:module";
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
// What the site is called is anybody's, though a setting says it; and nothing else of that module.
const HARMLESS_OF_OURS = { from: "lib/site-name", names: ["siteName"] };
const ASSETS = /\.(css|svg|png|jpe?g|gif|webp|avif|ico|woff2?)$/;
// What needs no import; a `constructor` makes functions of text, and ours are on globalThis.
const GLOBALS =
  /^(process|globalThis|global|module|require|eval|Function|Reflect|constructor|gatehouse.*)$/;
const REQUESTS = /^(fetch|WebSocket|EventSource)$/;

/** What has been looked at, and whether it is on the browser's side. */
interface Walk {
  readonly seen: Set<string>;
  readonly isBrowsers: boolean;
}

/**
 * By what a source could read data, in words; null where it cannot. `lib` is data, the brand and the site's name apart. What is
 * for the browser is rendered on the server first: there it may ask for nothing that the server alone
 * has, however deep. Server actions are left out: these hold guards of their own.
 */
export function readsData(
  path: string,
  find: FindSource,
  walk: Walk = { seen: new Set(), isBrowsers: false },
): string | null {
  const source = find(path);
  if (!source) return `${path}, which is not there`;
  if (hasDirective(source.statements, "use server")) return null;
  const isBrowsers = walk.isBrowsers || hasDirective(source.statements, "use client");
  // A source may be on both sides, and more is allowed on the browser's.
  const looked = `${isBrowsers} ${source.path}`;
  if (walk.seen.has(looked)) return null;
  walk.seen.add(looked);
  const brought = importsOf(source.path, source.statements).filter(({ isType }) => !isType);
  for (const each of brought) {
    const isRoom = each.isOurs && (isBrowsers || /^(app\/|lib\/brand$)/.test(each.from));
    const data =
      isRoom && !ASSETS.test(each.from)
        ? readsData(each.from, find, { ...walk, isBrowsers })
        : dataOf(each, isBrowsers);
    if (data) return data;
  }
  return readByItself(source.statements, isBrowsers);
}

function dataOf({ from, isOurs, names }: Import, isBrowsers: boolean): string | null {
  if (isOurs) return ASSETS.test(from) || isSiteName(from, names) ? null : from;
  // A package that needs the server does not get into the browser's files: the build fails.
  if (isBrowsers) return isBuiltin(from) ? from : null;
  const isOfServer = from === "next/server" && names.length > 0;
  const isHarmless = isOfServer && names.every((name) => HARMLESS_OF_SERVER.includes(name));
  return isHarmless || HARMLESS.test(from) ? null : from;
}

function isSiteName(from: string, names: readonly string[]): boolean {
  const { from: its, names: known } = HARMLESS_OF_OURS;
  return from === its && names.length > 0 && names.every((name) => known.includes(name));
}

// A directive counts where nothing but directives stands before it.
function hasDirective(statements: readonly Node[], words: string): boolean {
  const end = statements.findIndex((each) => !each.directive);
  const directives = statements.slice(0, end < 0 ? statements.length : end);
  return directives.some((each) => isDirective(each, words));
}

function readByItself(statements: readonly Node[], isBrowsers: boolean): string | null {
  const nodes = [...nodesIn(statements)];
  const isUnknown = (node: Node) =>
    node.type === "ImportExpression" && !textOf(child(node, "source"), "value");
  if (nodes.some(isUnknown)) return "an import whose path is not written out";
  const isRead = (name: string) => GLOBALS.test(name) || (!isBrowsers && REQUESTS.test(name));
  return nodes.map((node) => textOf(node, "name")).find(isRead) ?? null;
}
