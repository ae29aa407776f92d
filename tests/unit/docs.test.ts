import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "@/scripts/root";

const PAGES = [
  "README.md",
  ...[
    "quick-reference",
    "sessions",
    "sign-in",
    "mail",
    "testing",
    "architecture",
    "operations",
    "conformance",
    "requirements",
    "security",
    "from-django",
  ].map((page) => `docs/${page}.md`),
];
// Pages of the reader's own, and Django's tests.
const ELSEWHERE = /^(app|app\/api)\/notes\/|^tests\/\w+_tests\b/;

/** Everything in a text that reads like a path of this project; one for each choice of `{…}`. */
function pathsIn(text: string): string[] {
  const path = /(?<![\w./-])(?:lib|app|scripts|tests|drizzle|bench)\/(?:[\w{},./-]|\[\w+\])*/g;
  return (text.match(path) ?? []).flatMap((named) => {
    const [before = "", choices = "", after = ""] = named.split(/[{}]/);
    return choices.split(",").map((one) => `${before}${one}${after}`.replace(/[.,/]+$/, ""));
  });
}

function isThere(path: string): boolean {
  const endings = ["", ".ts", ".tsx"];
  return ELSEWHERE.test(path) || endings.some((ending) => existsSync(join(root, path + ending)));
}

const read = (path: string) => readFileSync(join(root, path), "utf8");

describe("the documentation", () => {
  it("shows examples that are the compiled files, letter by letter", () => {
    const shown = PAGES.flatMap((page) => [
      ...read(page).matchAll(/<!-- (docs\/examples\/\S+) -->\n```tsx?\n(.*?)```/gs),
    ]);
    expect(shown.length).toBeGreaterThan(3);
    for (const [, file = "", code] of shown) expect(code, file).toBe(read(file));
  });

  it("has no code that nothing compiles", () => {
    for (const page of PAGES) {
      const blocks = read(page).match(/```tsx?\n/g) ?? [];
      const compiled = read(page).match(/<!-- docs\/examples\/\S+ -->\n```tsx?\n/g) ?? [];
      expect(blocks.length, page).toBe(compiled.length);
    }
  });

  it("links only to files that are there", () => {
    for (const page of PAGES)
      for (const [, target = ""] of read(page).matchAll(/\]\(([^)#:]+)\)/g))
        expect(existsSync(join(root, dirname(page), target)), `${page}: ${target}`).toBe(true);
  });

  it("names only files and folders that are there", () => {
    for (const page of PAGES)
      expect([page, pathsIn(read(page)).filter((path) => !isThere(path))]).toEqual([page, []]);
    expect(
      pathsIn("See `lib/gone.ts` and `lib/{gone,users}`").filter((path) => !isThere(path)),
    ).toEqual(["lib/gone.ts", "lib/gone"]);
  });

  it("names only npm commands that exist", () => {
    const { scripts } = JSON.parse(read("package.json"));
    const named = PAGES.flatMap((page) => [...read(page).matchAll(/npm (?:run )?([a-z:]+)/g)]);
    for (const [, name = ""] of named)
      if (name !== "ci") expect(scripts, name).toHaveProperty(name);
  });

  it("TO-3: states every setting with the default that the code has", () => {
    const table = read("docs/quick-reference.md");
    const code = read("lib/variables.ts");
    const names = [...code.matchAll(/^ {2}([A-Z][A-Z_]+): /gm)].map(([, name = ""]) => name);
    expect(names.length).toBeGreaterThan(15);
    for (const name of names) expect(table, name).toContain(`\`${name}`);
  });

  it("promises what tests prove, code by code", () => {
    const listed = read("docs/requirements.md").matchAll(/^\| ([A-Z]+-\d+) \| \S/gm);
    const titles = globSync("tests/**/*.ts", { cwd: root }).flatMap((path) => [
      ...read(path).matchAll(/(?:["`]((?:[A-Z]{2,3}-\d+(?:, )?)+):|\["(CS-\d+)",)/g),
    ]);
    const proved = titles.flatMap(([, codes, code = ""]) => codes?.split(", ") ?? [code]);
    expect([...listed].map(([, code]) => code).sort()).toEqual([...new Set(proved)].sort());
  });
});
