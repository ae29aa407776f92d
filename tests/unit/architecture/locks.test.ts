import { expect, it } from "vitest";
import { type Entry, entriesOf } from "@/scripts/guards/entries";
import { projectEntries } from "@/scripts/guards/project";
import { child, nodesIn, textOf } from "@/scripts/guards/syntax";
import { projectSources, type Source, source } from "../../support/sources";
import { holds } from "./rule";

/** A rule: no entry of that kind is without a guard. */
function guarded(kind: Entry["kind"]) {
  return (source: Source) =>
    entriesOf(source)
      .filter((entry) => entry.kind === kind && entry.guard === null)
      .map(({ method, address }) => `${method || address} has no lock`);
}

holds("AZ-1: the first statement of each page is its lock", guarded("page"), {
  breaks: [
    ["app/a/page.tsx", "export default async function Page() { return null; }"],
    [
      "app/a/page.tsx",
      "export default async function Page() { await load(); await requireSession(); }",
    ],
    ["app/a/page.tsx", "export default async function Page() { requireSession(); }"],
    ["app/a/page.tsx", "async function Page() { await requireSession(); } export default Page;"],
    ["app/page.tsx", "export default () => null;"],
    ["app/(group)/a/page.jsx", "export default async function Page() {}"],
    // A lock that need not run is none.
    ["app/a/page.tsx", "export default async function P() { if (a) await requireSession(); }"],
    ["app/a/page.tsx", "export default async function P() { a && (await requireSession()); }"],
    [
      "app/a/page.tsx",
      "export default async function P() { const f = async () => { await requireSession(); }; }",
    ],
    ["app/a/page.tsx", "export default async function P() { a(await requireSession()); }"],
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
});

holds("AZ-1: each route handler is made by its lock", guarded("handler"), {
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
    ["app/api/a/route.ts", "const all = withoutSession(work); export { all as PUT, all as GET };"],
    ["app/api/a/route.ts", "export const dynamic = 'force-dynamic';"],
  ],
});

holds("AZ-1: the first statement of each server action refuses other origins", guarded("action"), {
  breaks: [
    ["app/a/actions.ts", '"use server"; export async function act() { await work(); }'],
    ["app/a/actions.ts", '"use server"; export async function act() { requireSameOrigin(); }'],
    ["app/a/actions.ts", '"use server"; export const act = async () => { await work(); };'],
    ["app/a/actions.ts", '"use server"; export const act = guarded(work);'],
    ["app/a/actions.ts", '"use server"; export { act } from "./b";'],
    ["app/a/actions.ts", '"use server"; export default async function act() { await work(); }'],
    ["lib/a.ts", '"use server"; export async function act() { await requireSession(); }'],
    // What its page has read is at hand in there: it stands in a file of its own.
    [
      "app/a/page.tsx",
      'export default function P() { async function act() { "use server"; await requireSameOrigin(); } }',
    ],
  ],
  keeps: [
    [
      "app/a/actions.ts",
      '"use server"; export async function act() { await requireSameOrigin(); }',
    ],
    ["app/a/actions.ts", '"use server"; async function part() { await work(); }'],
    ["app/a/state.ts", "export async function act() { await work(); }"],
  ],
});

const LOCKS = /^(require[A-Z]|with(out)?Session$|anyVisitor$)/;

holds(
  "what is called like a lock is a lock: lib/request made it",
  ({ path, statements, imports }) => {
    if (!path.startsWith("app/")) return [];
    const made = [...nodesIn(statements)].filter(({ type }) =>
      /^(Function|Variable)Decl/.test(type),
    );
    const names = made.map((node) => textOf(child(node, "id"), "name"));
    const brought = imports.filter(({ from }) => !from.startsWith("lib/request/"));
    return [...names, ...brought.flatMap(({ locals }) => locals)].filter((name) =>
      LOCKS.test(name),
    );
  },
  {
    breaks: [
      ["app/a/page.tsx", "async function requireSession() {}"],
      ["app/a/page.tsx", "const withSession = (work) => work;"],
      ["app/a/page.tsx", 'import { requireRole } from "./own";'],
      ["app/a/page.tsx", 'import { nothing as requireRole } from "./own";'],
    ],
    keeps: [
      ["app/a/page.tsx", 'import { requireRole } from "@/lib/request/guards";'],
      ["lib/request/guards.ts", "export async function requireSession() {}"],
    ],
  },
);

it("AZ-1: every page, handler and action of the project has a guard", () => {
  const entries = projectEntries();
  const kinds = new Set(entries.map(({ kind }) => kind));
  expect(kinds).toEqual(new Set(["page", "handler", "action", "file"]));
  expect(entries.filter(({ guard }) => guard === null)).toEqual([]);
});

it("AZ-1: the list names each guard with what it asks for", () => {
  const one = (path: string, text: string) => entriesOf(source(path, text))[0];
  const page = "export default async function P() { const a = await requireRole('staff'); }";
  expect(one("app/(a)/b/[id]/page.tsx", page)).toEqual({
    kind: "page",
    address: "/b/[id]",
    method: "",
    source: "app/(a)/b/[id]/page.tsx",
    guard: 'requireRole("staff")',
  });
  const handler = 'export const PUT = withSession(work, { role: "admin", isHidden: true });';
  expect(one("app/api/a/route.ts", handler)).toMatchObject({
    kind: "handler",
    method: "PUT",
    guard: 'withSession({ role: "admin", isHidden: true })',
  });
  const refusing =
    "export const PUT = withoutSession(async (request) => otherMethod(request, ['GET']));";
  expect(one("app/api/a/route.ts", refusing)?.guard).toBe("405 for everybody");
  const action = `"use server"; export async function act() {
    await requireSameOrigin();
    const { user } = await requireRole("admin");
    await requireRecentProof(user);
    await work();
  }`;
  expect(one("app/a/actions.ts", action)).toMatchObject({
    kind: "action",
    address: "act",
    guard: 'requireSameOrigin(), requireRole("admin"), requireRecentProof(…)',
  });
});

it("AZ-1: what strangers may open is what the middleware's one list names, and no more", () => {
  const isOpen = ({ guard }: Entry) =>
    /^(public|anyVisitor|requireStranger|withoutSession)/.test(guard ?? "");
  const outsideApi = projectEntries().filter(
    ({ kind, address }) => /^(page|handler)$/.test(kind) && !address.startsWith("/api/"),
  );
  const open = new Set(outsideApi.filter(isOpen).map(({ address }) => address));
  const middleware = projectSources().find(({ path }) => path === "middleware.ts");
  const list = [...nodesIn(middleware?.statements)].find(
    (node) => textOf(child(node, "id"), "name") === "PUBLIC_PATHS",
  );
  const listed = [...nodesIn(list)].filter(({ type }) => type === "Literal");
  expect(listed.map((literal) => textOf(literal, "value")).sort()).toEqual([...open].sort());
});
