import { expect, it } from "vitest";
import { hasDirective, projectSources, type Source } from "../../support/sources";
import { child, children, type Node, nodesIn, textOf } from "../../support/syntax";
import { holds } from "./rule";

const PAGE_LOCKS = ["requireSession", "requireRole", "anyVisitor", "requireStranger"];
const HANDLER_LOCKS = ["withSession", "withoutSession"];
const ACTION_LOCK = "requireSameOrigin";

/** Public without a lock: each asks nothing of the database, or asks by itself. */
const WITHOUT_LOCK = [
  // Shown while the database is away.
  "app/unavailable/page.tsx",
  // Clears the cookie of a session that is over; judges by itself, and changes no row.
  "app/session/ended/route.ts",
];

const METHODS = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/;

holds(
  "the first statement of each page is its lock",
  (file) => {
    if (!/^app\/(.*\/)?page\.tsx$/.test(file.path) || WITHOUT_LOCK.includes(file.path)) return [];
    const page = file.statements.find(({ type }) => type === "ExportDefaultDeclaration") ?? null;
    const first = firstStatement(child(page, "declaration"));
    return first && PAGE_LOCKS.includes(calledIn(first)) ? [] : ["opens with no lock"];
  },
  {
    breaks: [
      ["app/a/page.tsx", "export default async function Page() { return null; }"],
      [
        "app/a/page.tsx",
        "export default async function Page() { await load(); await requireSession(); }",
      ],
      ["app/a/page.tsx", "export default async function Page() { requireSession(); }"],
      ["app/a/page.tsx", "async function Page() { await requireSession(); } export default Page;"],
      ["app/page.tsx", "export default () => null;"],
    ],
    keeps: [
      ["app/a/page.tsx", "export default async function Page() { await requireRole('admin'); }"],
      [
        "app/a/page.tsx",
        "export default async function Page() { const { user } = await requireSession(); }",
      ],
      [
        "app/a/page.tsx",
        "export default async function Page() { const user = (await anyVisitor())?.user ?? null; }",
      ],
      ["app/a/list.tsx", "export default function List() { return null; }"],
    ],
  },
);

holds(
  "each route handler is made by its lock",
  (file) => {
    if (!/^app\/(.*\/)?route\.tsx?$/.test(file.path) || WITHOUT_LOCK.includes(file.path)) return [];
    const open = handlersOf(file).filter(([, made]) => !HANDLER_LOCKS.includes(calleeOf(made)));
    return open.map(([name]) => `${name} has no lock`);
  },
  {
    breaks: [
      ["app/api/a/route.ts", "export async function GET() { return new Response(); }"],
      ["app/api/a/route.ts", "export const GET = async () => new Response();"],
      ["app/api/a/route.ts", "export const POST = wrap(withSession(work));"],
      ["app/api/a/route.ts", "const all = async () => new Response(); export { all as DELETE };"],
      ["app/api/a/route.ts", 'export { GET } from "../b/route";'],
      ["app/api/a/route.ts", 'export * from "../b/route";'],
    ],
    keeps: [
      ["app/api/a/route.ts", "export const GET = withSession(async () => new Response());"],
      [
        "app/api/a/route.ts",
        "const all = withoutSession(work); export { all as PUT, all as GET };",
      ],
      ["app/api/a/route.ts", "export const dynamic = 'force-dynamic';"],
    ],
  },
);

holds(
  "the first statement of each server action refuses other origins",
  (file) => {
    if (!hasDirective(file, "use server")) return [];
    const actions = file.statements.flatMap((statement) => exported(statement));
    const open = actions.filter(([, made]) => calledIn(firstStatement(made)) !== ACTION_LOCK);
    return open.map(([name]) => `${name} has no lock`);
  },
  {
    breaks: [
      ["app/a/actions.ts", '"use server"; export async function act() { await work(); }'],
      ["app/a/actions.ts", '"use server"; export async function act() { requireSameOrigin(); }'],
      ["app/a/actions.ts", '"use server"; export const act = async () => { await work(); };'],
      ["app/a/actions.ts", '"use server"; export const act = guarded(work);'],
      ["app/a/actions.ts", '"use server"; export { act } from "./b";'],
      ["app/a/actions.ts", '"use server"; export default async function act() { await work(); }'],
    ],
    keeps: [
      [
        "app/a/actions.ts",
        '"use server"; export async function act() { await requireSameOrigin(); }',
      ],
      ["app/a/actions.ts", '"use server"; async function part() { await work(); }'],
      ["app/a/state.ts", "export async function act() { await work(); }"],
    ],
  },
);

holds(
  "server actions stand in files of their own",
  ({ statements }) =>
    [...nodesIn(statements)]
      .filter(({ directive }) => directive === "use server")
      .filter((found) => !statements.includes(found))
      .map(({ start }) => `"use server" within a function at ${start}`),
  {
    breaks: [
      ["app/a/page.tsx", 'export default function P() { async function act() { "use server"; } }'],
    ],
    keeps: [["app/a/actions.ts", '"use server"; export async function act() {}']],
  },
);

it("the pages that let strangers in are those of the middleware's one list, and no others", () => {
  const sources = projectSources();
  const outsideApi = sources.filter(({ path }) =>
    /^app\/(?!api\/).*\b(page|route)\.tsx?$/.test(path),
  );
  const isOpen = ({ path, text }: Source) =>
    WITHOUT_LOCK.includes(path) ||
    /await (anyVisitor|requireStranger)\(|= withoutSession\(/.test(text);
  const open = outsideApi.filter(isOpen).map(({ path }) => addressOf(path));
  const middleware = sources.find(({ path }) => path === "middleware.ts");
  const list = [...nodesIn(middleware?.statements)].find(
    (node) => textOf(child(node, "id"), "name") === "PUBLIC_PATHS",
  );
  const listed = [...nodesIn(list)].filter(({ type }) => type === "Literal");
  expect(listed.map((literal) => textOf(literal, "value")).sort()).toEqual(open.sort());
});

function addressOf(path: string): string {
  return `/${path.split("/").slice(1, -1).join("/")}`;
}

/** The first statement of a function's body. */
function firstStatement(made: Node | null): Node | null {
  return children(child(made, "body")?.body)[0] ?? null;
}

/** The name of what a statement awaits first, whatever is then done with its answer. */
function calledIn(statement: Node | null): string {
  const awaited = [...nodesIn(statement)].find(({ type }) => type === "AwaitExpression") ?? null;
  return calleeOf(child(awaited, "argument"));
}

function calleeOf(call: Node | null): string {
  return call?.type === "CallExpression" ? textOf(child(call, "callee"), "name") : "";
}

/** Each exported HTTP method with what it is made of. */
function handlersOf({ statements }: Source): [name: string, made: Node | null][] {
  const local = new Map(statements.flatMap((statement) => declared(statement)));
  return statements.flatMap((statement) => {
    if (statement.type === "ExportAllDeclaration") return [["*", null]];
    return exported(statement, local).filter(([name]) => METHODS.test(name));
  });
}

/** What a statement exports by name, with its value where that is in this file. */
function exported(
  statement: Node,
  local: ReadonlyMap<string, Node | null> = new Map(),
): [name: string, made: Node | null][] {
  if (statement.type === "ExportDefaultDeclaration")
    return [["default", child(statement, "declaration")]];
  if (statement.type !== "ExportNamedDeclaration") return [];
  const declaration = child(statement, "declaration");
  if (declaration) return declared(declaration);
  return children(statement.specifiers).map((specifier) => {
    const name = textOf(child(specifier, "local"), "name");
    return [textOf(child(specifier, "exported"), "name"), local.get(name) ?? null];
  });
}

function declared(statement: Node): [name: string, made: Node | null][] {
  if (statement.type === "FunctionDeclaration")
    return [[textOf(child(statement, "id"), "name"), statement]];
  return children(statement.declarations).map((each) => [
    textOf(child(each, "id"), "name"),
    child(each, "init"),
  ]);
}
