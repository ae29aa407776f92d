import { nodesIn } from "@/scripts/guards/syntax";
import { holds } from "./rule";

const MOST_LINES = 250;
const lines = (count: number) => "work();\n".repeat(count);

holds(
  "no file is longer than 250 lines",
  ({ text }) => {
    const count = text.split("\n").length - 1;
    return count > MOST_LINES ? [`has ${count} lines`] : [];
  },
  { breaks: [["lib/a.ts", lines(251)]], keeps: [["lib/a.ts", lines(250)]] },
);

holds(
  "no file hands on what another exports: there are no barrels",
  ({ imports }) =>
    imports.filter(({ isHandedOn }) => isHandedOn).map(({ from }) => `hands on ${from}`),
  {
    breaks: [
      ["lib/index.ts", 'export * from "./a";'],
      ["lib/index.ts", 'export { a } from "./a";'],
      ["lib/index.ts", 'export type { A } from "./a";'],
    ],
    keeps: [["lib/a.ts", 'import { a } from "./b"; const c = a; export { c };']],
  },
);

holds(
  "no type is any",
  ({ statements }) =>
    [...nodesIn(statements)]
      .filter(({ type }) => type === "TSAnyKeyword")
      .map(({ start }) => `any at ${start}`),
  {
    breaks: [
      ["lib/a.ts", "export function a(b: any) {}"],
      ["lib/a.ts", "const a = {} as Record<string, any>;"],
    ],
    keeps: [["lib/a.ts", 'const any = "any"; // any']],
  },
);

holds(
  "no value is called what it may not be: as and ! need a reason beside them",
  ({ text, statements }) => {
    const all = text.split("\n");
    const claims = [...nodesIn(statements)].filter(({ type, start, end }) =>
      type === "TSAsExpression"
        ? !/\bas const$/.test(text.slice(start, end))
        : /^TS(NonNullExpression|TypeAssertion)$/.test(type),
    );
    const lineOf = (start: number) => text.slice(0, start).split("\n").length - 1;
    const bare = claims.filter(({ end }) => {
      const line = lineOf(end);
      return ![all[line - 1], all[line]].some((each) => each?.includes("//"));
    });
    return bare.map(({ end }) => `a claim on line ${lineOf(end) + 1}`);
  },
  {
    breaks: [
      ["lib/a.ts", "export const a = b as C;"],
      ["lib/a.ts", "export const a = b as unknown as C;"],
      ["lib/a.ts", "export const a = b!;"],
    ],
    keeps: [
      ["lib/a.ts", 'export const a = ["b"] as const;'],
      ["lib/a.ts", "// Because of this.\nexport const a = b as C;"],
      ["lib/a.ts", "export const a = b satisfies C;"],
    ],
  },
);

holds(
  "where Next does not ask for one, there is no default export",
  ({ path, statements }) => {
    const isAsked =
      /^app\/.*\.tsx$/.test(path) ||
      /^[^/]+\.config\.(ts|mjs)$/.test(path) ||
      path.endsWith("-worker.mjs");
    const isThere = statements.some(({ type }) => type === "ExportDefaultDeclaration");
    return isThere && !isAsked ? ["has a default export"] : [];
  },
  {
    breaks: [["lib/a.ts", "export default function a() {}"]],
    keeps: [
      ["app/page.tsx", "export default function Page() {}"],
      ["next.config.ts", "export default {};"],
    ],
  },
);

holds(
  "no name from outside is looked up in a plain object, which was born with names of its own",
  ({ path, text }) => {
    const isOurs = /^(lib|app)\//.test(path);
    const lookups = text.match(/\b[a-z]\w* in [A-Z][A-Z_]+\b|\b[A-Z][A-Z_]+\[\w+\] \?\?/g) ?? [];
    return isOurs ? lookups.map((lookup) => `asks ${lookup}: use a Map or Object.hasOwn`) : [];
  },
  {
    breaks: [
      ["lib/a.ts", "const is = text in WORDS;"],
      ["app/a.ts", "const words = WORDS[text] ?? text;"],
    ],
    keeps: [
      ["lib/a.ts", "const is = Object.hasOwn(WORDS, text);"],
      ["lib/a.ts", "const words = WORDS.get(text) ?? text;"],
      ["lib/a.ts", 'const is = "user" in choice;'],
    ],
  },
);

holds(
  "every comment stands alone: none begins with what another one said",
  ({ text }) => text.match(/(\/\/|\/\*\*?|^ *\*) *(The same|How many those)\b.*/gm) ?? [],
  {
    breaks: [
      ["lib/a.ts", "/** The same for a list. */"],
      ["lib/a.ts", "/**\n * The same, and more.\n */"],
      ["lib/a.ts", "  // How many those are."],
    ],
    keeps: [["lib/a.ts", "// Equal work, and the same words. */"]],
  },
);
