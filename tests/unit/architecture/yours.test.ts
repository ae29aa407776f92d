// The line between what a team edits and what an update may replace as a whole.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BRAND } from "@/lib/brand";
import { ROLES } from "@/lib/roles";
import { readsData } from "@/scripts/guards/reads";
import { child, type Node, nodesIn, textOf } from "@/scripts/guards/syntax";
import { root } from "@/scripts/root";
import { projectSources, source } from "../../support/sources";
import { isGatehouses, ROOMS, THEIR_PAGES, THEIRS } from "../../support/theirs";
import { holds } from "./rule";

const PLACES = [...THEIR_PAGES, ...THEIRS];
const PAGES = /(^|\/)page\.tsx$/;

const read = (path: string) => readFileSync(join(root, path), "utf8");

describe("what a team edits", () => {
  it("is listed in the documentation, and is there", () => {
    const [, section = ""] = read("docs/architecture.md").split("## What a team edits\n");
    const [table = ""] = section.split("\n## ");
    const rows = table.split("\n").filter((line) => line.startsWith("| `"));
    const listed = rows.flatMap((row) => row.split(" | ")[0]?.match(/[\w./-]+\.\w+/g) ?? []);
    expect(listed.sort()).toEqual(PLACES.toSorted());
    for (const path of PLACES) expect(existsSync(join(root, path)), path).toBe(true);
  });

  it("says so at its head, and holds nothing but what is the team's", () => {
    const sources = projectSources().filter(({ path }) => PLACES.includes(path));
    const plain = sources.filter(({ path }) => !PAGES.test(path));
    expect(plain).toHaveLength(9);
    for (const { path, text } of plain) {
      expect(text, path).toMatch(/(\/\*\*\n \* |\/\*\* |\/\/ )Yours: /);
      // A type or the schema of the library, and none of Gatehouse's verbs.
      const values = [...text.matchAll(/^import (?!type )(?!"server-only").* from "(.*)";$/gm)];
      const ours = values.filter(([, from = ""]) => /^(@\/|\.)/.test(from));
      expect([path, ours]).toEqual([path, []]);
    }
  });

  it("is told from Gatehouse's own by named rooms, all of which are there", () => {
    for (const room of ROOMS) expect(existsSync(join(root, room)), room).toBe(true);
    const theirs = ["app/page.tsx", "app/notes/page.tsx", "app/api/notes/route.ts", "lib/roles.ts"];
    expect(theirs.filter(isGatehouses)).toEqual([]);
    const ours = ["app/layout.tsx", "app/admin/page.tsx", "app/api/session/route.ts", "lib/a.ts"];
    expect(ours.filter((path) => !isGatehouses(path))).toEqual([]);
  });

  it("has the mark drawn in one way", () => {
    const icon = read("app/icon.svg");
    const lines = [...icon.matchAll(/<path d="([^"]*)"/g)].map(([, line]) => line);
    expect(lines).toEqual(BRAND.markLines);
    expect(icon).toContain(`<title>${BRAND.name}</title>`);
  });
});

describe("the brand in a layout, which opens with no guard", () => {
  const layout = source("app/layout.tsx", 'import { BRAND } from "@/lib/brand";');
  const readBy = (brand: string) =>
    readsData("app/layout.tsx", (path) =>
      path.startsWith("lib/brand") ? source("lib/brand.ts", brand) : layout,
    );

  it("may be shown", () => {
    expect(readBy('export const BRAND = { name: "Acme" };')).toBeNull();
  });

  it.each([
    ["the settings", 'import { settings } from "@/lib/env";', "lib/env"],
    ["the environment", "export const BRAND = { name: process.env.NAME };", "process"],
  ])("may not bring in %s", (_, brand, data) => {
    expect(readBy(brand)).toBe(data);
  });

  it("may bring in what the settings call the site, and nothing else of that file", () => {
    const readBySite = (names: string) => {
      const text = `import ${names} from "@/lib/site-name";`;
      return readsData("app/layout.tsx", () => source("app/layout.tsx", text));
    };
    expect(readBySite("{ siteName }")).toBeNull();
    for (const names of ["{ siteName, users }", "* as all", "users"])
      expect(readBySite(names)).toBe("lib/site-name");
  });
});

const isOurs = (path: string) => /^(lib|app|scripts)\/|^[^/]+\.ts$/.test(path);
const SPOKEN = ["Literal", "JSXText", "TemplateElement"];

holds(
  "only lib/brand.ts says what the site is called",
  ({ path, text, statements }) => {
    if (!isOurs(path) || path === "lib/brand.ts" || PAGES.test(path)) return [];
    const spoken = [...nodesIn(statements)].filter(({ type }) => SPOKEN.includes(type));
    const said = spoken.map(({ start, end }) => text.slice(start, end));
    return said.filter((words) => words.includes("Gatehouse")).map((words) => `says ${words}`);
  },
  {
    breaks: [
      ["app/layout.tsx", 'export const metadata = { title: "Gatehouse" };'],
      ["app/a.tsx", "export const A = () => <p>Gatehouse: sessions</p>;"],
      ["lib/a.ts", "export const a = `Gatehouse is ready: $" + "{b}`;"],
    ],
    keeps: [
      ["lib/a.ts", '// What Gatehouse keeps.\nexport const LABEL = "gatehouse cookie v1";'],
      ["lib/brand.ts", 'export const BRAND = { name: "Gatehouse" };'],
    ],
  },
);

holds(
  "what is derived or stored does not know the brand",
  ({ path, imports }) => {
    const isShown = /^(app|scripts|lib\/api)\/|^lib\/(variables|auth\/password-rules)\.ts$/.test(
      path,
    );
    const brand = imports.filter(({ from }) => from === "lib/brand");
    return isShown ? [] : brand.map(() => "imports lib/brand");
  },
  {
    breaks: [
      ["lib/session/seal.ts", 'import { BRAND } from "@/lib/brand";'],
      ["lib/auth/password.ts", 'import { BRAND } from "@/lib/brand";'],
      ["lib/metrics.ts", 'import { BRAND } from "@/lib/brand";'],
    ],
    keeps: [["app/layout.tsx", 'import { BRAND } from "@/lib/brand";']],
  },
);

const isRole = (text: string) => ROLES.some((role) => role === text);

function rolesNamed(node: Node): number {
  const nodes = [node.elements, node.properties].flatMap((each) => [...listed(each)]);
  return nodes.filter((each) => isRole(roleOf(each))).length;
}

function* listed(value: unknown): Iterable<Node> {
  for (const each of Array.isArray(value) ? value : []) if (each) yield each;
}

function roleOf(node: Node): string {
  if (node.type !== "Property") return textOf(node, "value");
  return textOf(child(node, "key"), "name") || textOf(child(node, "key"), "value");
}

holds(
  "only lib/roles.ts lists the roles",
  ({ path, statements }) => {
    if (!/^(lib|app)\//.test(path) || path === "lib/roles.ts") return [];
    const lists = [...nodesIn(statements)].filter((node) => rolesNamed(node) > 1);
    return lists.map(({ start }) => `lists roles at ${start}`);
  },
  {
    breaks: [
      ["app/a.ts", 'const WORDS = { member: "Member", staff: "Staff", admin: "Administrator" };'],
      ["lib/a.ts", 'const ROLES = ["member", "staff", "admin"] as const;'],
      ["lib/a.ts", 'const REST = ["staff", "admin"];'],
    ],
    keeps: [
      ["lib/roles.ts", 'export const ROLES = ["member", "staff", "admin"] as const;'],
      ["app/a.ts", 'await requireRole("admin"); const a = ["staff"];'],
    ],
  },
);
