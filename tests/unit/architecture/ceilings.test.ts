// How large the house may be. A ceiling is lowered when something leaves, never raised unnoticed.
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { withoutEnding } from "@/scripts/guards/imports";
import { child, type Node, nodesIn } from "@/scripts/guards/syntax";
import { root } from "@/scripts/root";
import { projectSources, type Source, source } from "../../support/sources";
import { isGatehouses, THEIRS } from "../../support/theirs";

/** A folder that came after the core: one file lets others in. */
interface Annexe {
  readonly folder: string;
  readonly door: string;
  /** What it needs in folders of the core. */
  readonly also?: readonly string[];
  readonly mostFiles: number;
  readonly mostLines: number;
}
const ANNEXES: readonly Annexe[] = [
  { folder: "bench/sizes", door: "bench/sizes/compare.ts", mostFiles: 2, mostLines: 277 },
  {
    folder: "lib/factors",
    door: "lib/factors/factors.ts",
    also: [
      "lib/api/factor-operations.ts",
      "lib/db/factors-schema.ts",
      "lib/db/method-list.ts",
      "lib/mail/factor-drafts.ts",
      "lib/request/browser-trust.ts",
      "lib/request/change-factors.ts",
      "lib/request/factor-problem.ts",
      "lib/request/passkey.ts",
      "lib/request/second-step.ts",
      "scripts/check/factors.ts",
      "scripts/manage/factors.ts",
    ],
    mostFiles: 23,
    mostLines: 1800,
  },
  {
    folder: "lib/mail",
    door: "lib/mail/outbox.ts",
    also: [
      "lib/db/mail-schema.ts",
      "lib/request/asked-device.ts",
      "lib/request/mailed-links.ts",
      "lib/site-name.ts",
      "scripts/check/leak-doors.ts",
      "scripts/check/mail.ts",
      "scripts/manage/mail.ts",
    ],
    mostFiles: 18,
    mostLines: 1700,
  },
  {
    folder: "lib/accounts",
    door: "lib/accounts/close-account.ts",
    mostFiles: 13,
    mostLines: 1500,
  },
  {
    folder: "lib/django",
    door: "lib/django/rows.ts",
    also: [
      "lib/auth/adoption.ts",
      "lib/auth/bridge.ts",
      "lib/auth/django-password.ts",
      "lib/auth/import-users.ts",
      "lib/db/django-row.ts",
      "lib/db/django-schema.ts",
      "lib/request/django-visit.ts",
      "lib/session/adopted.ts",
      "lib/users/create-many.ts",
      "lib/users/identities.ts",
      "scripts/manage/django.ts",
      "scripts/manage/dump.ts",
      "scripts/manage/import.ts",
    ],
    mostFiles: 21,
    mostLines: 1900,
  },
  {
    folder: "tests/helpers",
    door: "tests/helpers/sessions.ts",
    also: ["scripts/guards/for-tests.ts"],
    mostFiles: 6,
    mostLines: 330,
  },
];

const sources = projectSources();
const core = sources.filter((each) => isGatehouses(each.path) && isOfNoAnnexe(each));
const everything = [...sources, ...read("{bench,tests/helpers}/**/*.{ts,mjs}")];
// The cookies are opened, and the rows are asked what they are worth.
const REQUEST_PATH = [found("lib/session/cookie"), found("lib/session/resume")];
const SIGN_IN = reachOf(found("app/sign-in/actions"));
const GET_SESSION = reachOf(onlyFor("GET", found("app/api/session/route")));
const MIDDLEWARE = reachOf(found("middleware"));
const PROGRAMS = ["scripts", "bench"].flatMap((folder) => coreIn(folder, everything));
const onPath = coreIn(
  "lib/session",
  REQUEST_PATH.flatMap((start) => [start, ...reachOf(start).keys()]),
);

const CEILINGS: [what: string, figure: number, ceiling: number][] = [
  ["files in lib", coreIn("lib").length, 102],
  ["files in lib/session", coreIn("lib/session").length, 18],
  ["files of lib/session on one request's path", onPath.length, 6],
  ["lines of lib/session on one request's path", linesOf(onPath), 500],
  ["modules of the core that a sign-in reaches", sizeOf(SIGN_IN), 46],
  ["depth of what a sign-in reaches", depthOf(SIGN_IN), 5],
  ["modules of the core that GET /api/session reaches", sizeOf(GET_SESSION), 47],
  ["depth of what GET /api/session reaches", depthOf(GET_SESSION), 5],
  ["modules that the middleware reaches", sizeOf(MIDDLEWARE), 6],
  ["of these, with a database", coreIn("lib/db", [...MIDDLEWARE.keys()]).length, 0],
  ["pairs of folders that need one another", knotsIn(sources).length, 0],
  ["files that need themselves, through types too", circlesIn(withTests()).length, 0],
  ["lines of scripts and bench", linesOf(PROGRAMS), 5470],
  ["lines of the longest file", Math.max(...core.map((each) => linesOf([each]))), 250],
  ["median lines of a function", medianLines(core), 10],
  ...ANNEXES.flatMap(annexeCeilings),
];

describe("ceilings", () => {
  it.each(CEILINGS)("%s: %i, at most %i", (what, figure, ceiling) => {
    console.log(`${what}: ${figure}, at most ${ceiling}`);
    expect(figure).toBeLessThanOrEqual(ceiling);
  });

  it("look at the sources that they name", () => {
    expect(CEILINGS.filter(([, figure, ceiling]) => ceiling > 0 && figure === 0)).toEqual([]);
    expect(THEIRS.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

// What a team fills counts for nothing here, and a later folder has its own ceiling.
function sizeOf(reached: ReadonlyMap<Source, number>): number {
  return [...reached.keys()].filter((file) => isGatehouses(file.path) && isOfNoAnnexe(file)).length;
}

function annexeOf(path: string, annexes = ANNEXES): Annexe | undefined {
  return annexes.find((annexe) => isIn(annexe, path));
}

function isIn({ folder, also = [] }: Annexe, path: string): boolean {
  return path.startsWith(`${folder}/`) || also.includes(path);
}

function annexeCeilings(annexe: Annexe): [string, number, number][] {
  const { folder, mostFiles, mostLines } = annexe;
  const inside = everything.filter(({ path }) => isIn(annexe, path));
  return [
    [`files in ${folder}`, inside.length, mostFiles],
    [`lines in ${folder}`, linesOf(inside), mostLines],
  ];
}

function isOfNoAnnexe({ path }: Source): boolean {
  return annexeOf(path) === undefined;
}

function coreIn(folder: string, among: readonly Source[] = core): Source[] {
  const inside = among.filter(({ path }) => path.startsWith(`${folder}/`) && isGatehouses(path));
  return [...new Set(inside.filter(isOfNoAnnexe))];
}

function found(path: string, among: readonly Source[] = sources): Source {
  const one = among.find((each) => withoutEnding(each.path) === withoutEnding(path));
  if (!one) throw new Error(`there is no ${path}`);
  return one;
}

/** The sources that one brings in at run time, with how many steps away; past no annexe's door. */
function reachOf(start: Source, among = sources, annexes = ANNEXES): Map<Source, number> {
  const reached = new Map<Source, number>();
  const waiting: [file: Source, steps: number][] = [[start, 0]];
  for (const [file, steps] of waiting) {
    if (annexeOf(file.path, annexes)) continue;
    for (const next of broughtIn(file, among)) {
      if (reached.has(next) || next.path === start.path) continue;
      reached.set(next, steps + 1);
      waiting.push([next, steps + 1]);
    }
  }
  return reached;
}

function broughtIn(file: Source, among: readonly Source[], isWithTypes = false): Source[] {
  const wanted = file.imports.filter(({ isOurs, isType }) => isOurs && (isWithTypes || !isType));
  const paths = new Set(wanted.map(({ from }) => withoutEnding(from)));
  return among.filter(({ path }) => paths.has(withoutEnding(path)));
}

/** A source as if it exported one thing alone, with the imports that this names. */
function onlyFor(name: string, file: Source): Source {
  const declares = new RegExp(`^export (const|async function|function) ${name}\\b`);
  const statement = file.statements.find(({ start }) => declares.test(file.text.slice(start)));
  if (!statement) throw new Error(`${file.path} exports no ${name}`);
  const words = new Set(file.text.slice(statement.start, statement.end).match(/\w+/g));
  const imports = file.imports.filter(({ locals }) => locals.some((local) => words.has(local)));
  return { ...file, statements: [statement], imports };
}

function depthOf(reached: ReadonlyMap<Source, number>): number {
  return Math.max(0, ...reached.values());
}

/** Pairs of rooms that import each other. */
function knotsIn(among: readonly Source[]): string[] {
  const arrows = new Set(
    among.flatMap((file) =>
      broughtIn(file, among, true).map((next) => `${roomOf(file)} ${roomOf(next)}`),
    ),
  );
  return [...arrows].filter((arrow) => {
    const [from = "", to = ""] = arrow.split(" ");
    return from < to && arrows.has(`${to} ${from}`);
  });
}

// The rooms of lib are its folders, and what lies beside them is each a room of its own.
function roomOf({ path }: Source): string {
  const [first = "", second = ""] = path.split("/");
  return first === "lib" ? `lib/${second}` : first;
}

/** The files that come back to themselves, by types as well as at run time. */
function circlesIn(among: readonly Source[]): string[] {
  const next = new Map(among.map((file) => [file, broughtIn(file, among, true)]));
  const comesBack = (start: Source) => {
    const seen = new Set<Source>();
    const visit = (file: Source): boolean =>
      (next.get(file) ?? []).some((each) => {
        if (each === start) return true;
        if (seen.has(each)) return false;
        seen.add(each);
        return visit(each);
      });
    return visit(start);
  };
  return among.filter(comesBack).map(({ path }) => path);
}

function withTests(): Source[] {
  return [...sources, ...read("{tests,bench}/**/*.{ts,tsx,mjs}")];
}

function read(pattern: string): Source[] {
  const paths = globSync(pattern, { cwd: root });
  return paths.map((path) => source(path, readFileSync(join(root, path), "utf8")));
}

function linesOf(files: readonly Source[]): number {
  return files.reduce((sum, { text }) => sum + text.split("\n").length - 1, 0);
}

/** Of functions that have a body of statements. */
function medianLines(files: readonly Source[]): number {
  const lines = files.flatMap(({ text, statements }) =>
    [...nodesIn(statements)]
      .filter(isFunction)
      .map(({ start, end }) => text.slice(start, end).split("\n").length),
  );
  return lines.sort((a, b) => a - b)[Math.floor(lines.length / 2)] ?? 0;
}

function isFunction(node: Node): boolean {
  return /Function/.test(node.type) && child(node, "body")?.type === "BlockStatement";
}

describe("what ceilings count", () => {
  const made = [
    source("app/a.ts", 'import { b } from "@/lib/x/b"; import type { D } from "@/lib/y/d";'),
    source("lib/x/b.ts", 'import "@/lib/mail/door";'),
    source("lib/mail/door.ts", 'import "./inside";'),
    source("lib/mail/inside.ts", ""),
    source("lib/y/d.ts", 'import type { B } from "@/lib/x/b";'),
  ];
  const mail = { folder: "lib/mail", door: "lib/mail/door.ts", mostFiles: 9, mostLines: 99 };
  const pathsIn = (reached: ReadonlyMap<Source, number>) => [...reached].map(([{ path }]) => path);

  it("is every module that is reached at run time, and how far", () => {
    const reached = reachOf(found("app/a", made), made, []);
    expect(pathsIn(reached)).toEqual(["lib/x/b.ts", "lib/mail/door.ts", "lib/mail/inside.ts"]);
    expect(depthOf(reached)).toBe(3);
  });

  it("is of an annexe its door alone", () => {
    const reached = reachOf(found("app/a", made), made, [mail]);
    expect(pathsIn(reached)).toEqual(["lib/x/b.ts", mail.door]);
  });

  it("is of a route what one of its methods names", () => {
    const route = source(
      "app/r.ts",
      'import { b } from "@/lib/x/b";\nimport { d } from "@/lib/y/d";\nexport const GET = b();\nexport const POST = d();',
    );
    expect(onlyFor("GET", route).imports.map(({ from }) => from)).toEqual(["lib/x/b"]);
    expect(() => onlyFor("PUT", route)).toThrow();
  });

  it("is a knot and a circle where the way back is by types alone", () => {
    const back = source("lib/x/b.ts", 'import { D } from "@/lib/y/d";');
    const two = [back, found("lib/y/d", made)];
    expect(knotsIn(two)).toEqual(["lib/x lib/y"]);
    expect(circlesIn(two)).toEqual(["lib/x/b.ts", "lib/y/d.ts"]);
    expect([knotsIn(made), circlesIn(made)]).toEqual([[], []]);
  });

  it("is every line of every text, and of functions the middle one", () => {
    const texts = ["one();\n", "two();\n\nthree();\n"].map((text) => source("lib/a.ts", text));
    expect(linesOf(texts)).toBe(4);
    const functions = "function a() {}\nfunction b() {\n\n}\nconst c = () => {\n\n\n\n};\n";
    expect(medianLines([source("lib/a.ts", functions)])).toBe(3);
  });
});
