import { globSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ALL_PUBLIC } from "@/lib/request/public-paths";
import { root } from "../root";
import { entriesOf, fileEntry } from "./entries";
import { type Entry, entryOf, PUBLIC_LIST, type PublicList, publicKey, wrong } from "./entry";
import { exportsOf } from "./exports";
import { testingEntries } from "./for-tests";
import { DOORS } from "./guards";
import type { FindSource, ParsedSource } from "./reads";
import { type Node, nodesIn, parse, textOf } from "./syntax";

/** What the gate is about: files by their paths, and what may be open. */
interface Project {
  readonly paths: readonly string[];
  read(path: string): string;
  /** What makes the build take an import for another file: all of that in tsconfig.json. */
  readonly aliases: object;
  readonly open: PublicList;
}

// They hold no part of the app; whatever a build takes from there all the same, the build shows.
const OTHER_FOLDERS = /^(\..*|node_modules|bench|docs|drizzle|scripts|tests)$/;
const SOURCE = /\.([jt]sx?|m[jt]s|c[jt]s)$/;
const ENDINGS = ["tsx", "ts", "jsx", "js", "mjs", "mts", "cjs", "cts"];
// What Next serves from the app folder under its own name, and all of the public one.
const FILE =
  /^(app\/(.*\/)?(favicon|icon|apple-icon|opengraph-image|twitter-image|robots|sitemap|manifest)\d?\.\w+|public\/.*)$/;

/** This project as it is on the disk. */
function thisProject(): Project {
  const folders = readdirSync(root).filter((name) => !OTHER_FOLDERS.test(name));
  const found = folders.flatMap((name) =>
    statSync(join(root, name)).isDirectory() ? globSync(`${name}/**/*`, { cwd: root }) : [name],
  );
  const isFile = (path: string) => SOURCE.test(path) || FILE.test(path);
  return {
    paths: found.filter(isFile).sort(),
    read: (path) => readFileSync(join(root, path), "utf8"),
    aliases: aliasesIn(readFileSync(join(root, "tsconfig.json"), "utf8")),
    open: ALL_PUBLIC,
  };
}

function aliasesIn(tsconfig: string): object {
  const { extends: base, compilerOptions } = TsConfig.parse(JSON.parse(tsconfig));
  return { ...(base ? { extends: base } : {}), ...compilerOptions };
}

const TsConfig = z.object({
  extends: z.unknown().optional(),
  // Nothing else of it is kept.
  compilerOptions: z.object({
    baseUrl: z.unknown().optional(),
    rootDirs: z.unknown().optional(),
    paths: z.unknown().optional(),
  }),
});

/** Every page, layout, handler, server action and file with its guard, and what is wrong besides. */
export function projectEntries(project: Project = thisProject()): Entry[] {
  const { paths, read, open } = project;
  const find = finder(project);
  const sources = paths.filter((path) => SOURCE.test(path));
  const parsed = sources.map((path) => ({ path, statements: parse(path, read(path)) }));
  const entries = [
    ...parsed.flatMap((source) => entriesOf(source, open, find)),
    ...paths
      .filter((path) => FILE.test(path) && !SOURCE.test(path))
      .map((path) => fileEntry(path, open)),
  ];
  return [
    ...entries,
    ...doorEntries(project, find),
    ...aliasEntries(project, parsed),
    ...testingEntries(parsed),
    ...idleEntries(entries, project),
  ];
}

function finder({ paths, read }: Project): FindSource {
  const known = new Set(paths);
  const tried = (path: string) => [
    path,
    ...ENDINGS.map((ending) => `${path}.${ending}`),
    ...ENDINGS.map((ending) => `${path}/index.${ending}`),
  ];
  return (path) => {
    const found = tried(path).find((each) => SOURCE.test(each) && known.has(each));
    return found ? { path: found, statements: parse(found, read(found)) } : null;
  };
}

// A name is a guard because of where it comes from: there, it must be a function, and there must be
// no second file that an import of the door could mean.
function doorEntries({ paths }: Project, find: FindSource): Entry[] {
  return Object.entries(DOORS).flatMap(([door, names]) => {
    const files = paths.filter(
      (path) => path.startsWith(`${door}.`) || path.startsWith(`${door}/`),
    );
    if (files.length === 0) return [];
    const made = exportsOf(find(door)?.statements ?? []).filter(({ made }) => isFunction(made));
    const missing = names.filter((name) => !made.some((each) => each.name === name));
    const twins = files.filter((path) => path !== `${door}.ts`);
    const faults = [
      ...twins.map((path) => wrong(`${path} stands in for the door ${door}.ts`, "Remove it")),
      ...missing.map((name) =>
        wrong(`${door}.ts does not make ${name}`, "Write it as a function there"),
      ),
    ];
    return faults.map((fault) => entryOf("other", `${door}.ts`, fault));
  });
}

function isFunction(node: Node | null): boolean {
  return /^(FunctionDeclaration|ArrowFunctionExpression)$/.test(node?.type ?? "");
}

// An import that the build takes for another file would make a guard of anything.
function aliasEntries({ aliases }: Project, sources: readonly ParsedSource[]): Entry[] {
  const isPlain = JSON.stringify(aliases) === JSON.stringify(ALIASES);
  const configs = sources.filter(({ path }) => /^next\.config\./.test(path));
  const names = configs.flatMap(({ path, statements }) =>
    [...nodesIn(statements)].map((node) => ({ path, name: textOf(node, "name") })),
  );
  const replacing = names.filter(({ name }) => /^(resolveAlias|webpack|alias)$/.test(name));
  return [
    ...(isPlain ? [] : [entryOf("other", "tsconfig.json", wrong(OTHER_ALIASES, AS_IT_IS))]),
    ...replacing.map(({ path, name }) =>
      entryOf("other", path, wrong(`${name} may replace a guard`, AS_IT_IS)),
    ),
  ];
}

const ALIASES = { paths: { "@/*": ["./*"] } };
const OTHER_ALIASES = `has other aliases than ${JSON.stringify(ALIASES.paths)}`;
const AS_IT_IS = "An import of a guard has to mean its file";

// A name on the list that nothing open bears would let whatever comes to bear it pass.
function idleEntries(entries: readonly Entry[], { open }: Project): Entry[] {
  const used = new Set(entries.filter(({ guard }) => guard?.startsWith("public: ")).map(publicKey));
  const idle = Object.keys(open).filter((key) => !used.has(key));
  return idle.map((key) =>
    entryOf("other", PUBLIC_LIST, wrong(`"${key}" names nothing that is open`, "Remove it")),
  );
}
