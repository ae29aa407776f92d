import { describe, expect, it } from "vitest";
import { roleToSee } from "@/lib/request/before-next";
import { ALL_PUBLIC, isPublicPath } from "@/lib/request/public-paths";
import type { Entry } from "@/scripts/guards/entry";
import { projectEntries } from "@/scripts/guards/project";
import { GUARDED, TRICKS } from "../../support/open-code";
import { holds } from "./rule";

type Files = Readonly<Record<string, string>>;

/** The entries of a made-up project, in which `open` may be open. */
function entriesOf(files: Files, open: Files = {}, aliases: object = ALIASES): Entry[] {
  const paths = Object.keys(files);
  return projectEntries({ paths, read: (path) => files[path] ?? "", aliases, open });
}

const ALIASES = { paths: { "@/*": ["./*"] } };

const faultsOf = (entries: readonly Entry[]) => entries.flatMap(({ fault }) => fault ?? []);

describe("AZ-11: the gate refuses", () => {
  it.each(TRICKS)("%s (%s)", (_, path, text, refusal) => {
    const faults = faultsOf(entriesOf({ [path]: text }));
    expect(faults.join("\n")).toMatch(refusal);
  });

  it("whatever the pages router would serve, and a second app folder", () => {
    for (const path of ["pages/api/a.ts", "pages/a.tsx", "src/app/a/page.tsx", "src/pages/a.tsx"])
      expect(faultsOf(entriesOf({ [path]: "" }))).toEqual([expect.stringMatching(/past the app/)]);
  });

  it("a file for everybody that nobody listed", () => {
    const files = { "public/people.csv": "", "app/a/robots.txt": "" };
    expect(faultsOf(entriesOf(files))).toHaveLength(2);
    const open = { "file /people.csv": "why", "file /a/robots.txt": "why" };
    expect(faultsOf(entriesOf(files, open))).toEqual([]);
  });

  it("an action and a handler on the list that are made by no guard at all", () => {
    const action = '"use server"; export async function act() { await work(); }';
    const handler = "export const GET = async () => new Response();";
    const files = { "app/a/actions.ts": action, "app/a/route.ts": handler };
    const open = { "action app/a/actions.ts act": "why", "GET /a": "why" };
    expect(faultsOf(entriesOf(files, open))).toHaveLength(4);
  });

  it("a page of a slot at the address of a public page", () => {
    const text = "export default async function Slot() { return await load(); }";
    const open = { "page /a": "why" };
    const files = { "app/a/page.tsx": text, "app/@slot/a/page.tsx": text };
    expect(entriesOf(files, open).map(({ fault }) => fault !== null)).toEqual([false, true]);
  });

  it("a name on the list that nothing open bears", () => {
    expect(faultsOf(entriesOf({}, { "page /gone": "why" }))).toEqual([
      '"page /gone" names nothing that is open. Remove it',
    ]);
  });

  it("a door that does not make its guards, and a file that stands in for one", () => {
    const door = `import { currentSession as requireSession } from "./current";
      export { requireSession };
      export let requireRole = async () => {};
      export async function requireRecentProof() {}`;
    const empty = "export {};";
    const doors = { "lib/request/guards.ts": door, "lib/request/origin.ts": empty };
    expect(faultsOf(entriesOf(doors))).toHaveLength(3);
    const twin = entriesOf({ "lib/request/guards.tsx": "", "lib/request/handler/index.ts": "" });
    expect(faultsOf(twin)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^lib\/request\/guards\.tsx stands in for/),
        expect.stringMatching(/^lib\/request\/handler\/index\.ts stands in for/),
      ]),
    );
  });

  it("what signs in whoever it likes, in any part of the app; tests may have it", () => {
    const text = 'import { signInAs } from "@/tests/helpers/sessions";';
    for (const path of ["lib/a.ts", "app/_a/b.ts", "features/a/b.ts", "instrumentation.ts"])
      expect(faultsOf(entriesOf({ [path]: text })), path).toHaveLength(1);
    const late = { "lib/a.ts": 'await import("../tests/helpers/sessions");' };
    const byATest = { "lib/a.ts": 'import "./a.test";', "lib/a.test.ts": text };
    for (const files of [late, byATest]) expect(faultsOf(entriesOf(files))).toHaveLength(1);
    expect(faultsOf(entriesOf({ "features/a/b.test.ts": text }))).toEqual([]);
  });

  it("a layout that reads data by another file, however deep", () => {
    const layout = 'import { Top } from "./top"; export default function L() { return <Top />; }';
    const files = { "app/a/layout.tsx": layout, "app/a/top.tsx": 'import "@/app/_b";' };
    const deep = { ...files, "app/_b/index.ts": 'export { load } from "@/lib/load";' };
    expect(faultsOf(entriesOf(deep)).join()).toMatch(/may read data by lib\/load/);
    expect(faultsOf(entriesOf(files)).join()).toMatch(/_b, which is not there/);
    const browsers = { ...files, "app/_b/index.ts": '"use client"; import "@/lib/a"; import "b";' };
    expect(faultsOf(entriesOf({ ...browsers, "lib/a.ts": "export const a = 1;" }))).toEqual([]);
    const env = { ...browsers, "lib/a.ts": "export const a = process.env.SESSION_SECRET;" };
    expect(faultsOf(entriesOf(env)).join()).toMatch(/may read data by process/);
  });
});

describe("AZ-11: the gate refuses an alias that could stand in for a guard", () => {
  it.each([
    { paths: { "@/*": ["./*"], "@/lib/request/guards": ["./lib/open"] } },
    { ...ALIASES, baseUrl: "." },
    { ...ALIASES, extends: "./other.json" },
    {},
  ])("in tsconfig.json: %j", (aliases) => {
    expect(faultsOf(entriesOf({}, {}, aliases))).toEqual([expect.stringMatching(/other aliases/)]);
  });

  it.each([
    'export default { turbopack: { resolveAlias: { "@/lib/request/guards": "./open" } } };',
    "export default { webpack: (config) => config };",
  ])("in next.config.ts: %s", (text) => {
    expect(faultsOf(entriesOf({ "next.config.ts": text })).join()).toMatch(/may replace a guard/);
  });
});

describe("AZ-11: the gate lets be", () => {
  it.each(GUARDED)("%s (%s)", (_, path, text) => {
    expect(faultsOf(entriesOf({ [path]: text }))).toEqual([]);
  });

  it("what is on the list, with its reason", () => {
    const server = 'import { requireSameOrigin } from "@/lib/request/origin";';
    const files = {
      "app/a/page.tsx": "export default function Page() { return null; }",
      "app/a/actions.ts": `"use server"; ${server} export async function act() { await requireSameOrigin(); }`,
      "app/api/a/route.ts":
        'import { withoutSession } from "@/lib/request/handler"; export const GET = withoutSession(work);',
    };
    const open = {
      "page /a": "first",
      "action app/a/actions.ts act": "second",
      "GET /api/a": "third",
    };
    expect(entriesOf(files, open).map(({ guard }) => guard)).toEqual([
      "public: first",
      "public: second",
      "public: third",
    ]);
  });
});

const SETS_ONES_OWN = /^app\/account\/password\/(page\.tsx|actions\.ts)$/;

holds(
  "AU-17: a temporary password opens nothing but what replaces it",
  ({ path, text }) =>
    path.startsWith("app/") && text.includes("allowTemporaryPassword") && !SETS_ONES_OWN.test(path)
      ? ["lets a temporary password in"]
      : [],
  {
    breaks: [
      ["app/a/page.tsx", "const a = await requireSession({ allowTemporaryPassword: true });"],
      ["app/a/b.ts", "export const options = { allowTemporaryPassword: true };"],
    ],
    keeps: [
      ["app/account/password/page.tsx", "await requireSession({ allowTemporaryPassword: true });"],
      ["lib/request/guards.ts", "requireSession({ allowTemporaryPassword = false } = {})"],
    ],
  },
);

// What looks at the cookies' worth alone lets a temporary password in.
const ASKS_ALONE =
  /^(lib\/request\/|app\/\(cookie\)\/session\/(adopt|ended|renew)\/route\.ts$|app\/_shell\/session-watch\.tsx$)/;

holds(
  "AU-17: beside the guards only what clears, renews, adopts and watches a session asks what its cookie is worth",
  ({ path, imports }) =>
    !ASKS_ALONE.test(path) && imports.some(({ names }) => names.includes("presentedSession"))
      ? ["asks past the guards"]
      : [],
  {
    breaks: [["app/a/page.tsx", 'import { presentedSession } from "@/lib/request/current";']],
    keeps: [
      ["lib/request/guards.ts", 'import { presentedSession } from "@/lib/request/current";'],
      ["app/a/page.tsx", 'import { currentSession } from "@/lib/request/current";'],
    ],
  },
);

it("AZ-1: every page, layout, handler, action and file of the project has a guard", () => {
  const entries = projectEntries();
  const kinds = new Set(entries.map(({ kind }) => kind));
  expect(kinds).toEqual(new Set(["page", "layout", "metadata", "handler", "action", "file"]));
  expect(entries.filter(({ fault }) => fault !== null)).toEqual([]);
});

it("AZ-1: the list names each guard with what it asks for, and where it is", () => {
  const guards = 'import { requireRole, requireRecentProof } from "@/lib/request/guards";';
  const origin = 'import { requireSameOrigin } from "@/lib/request/origin";';
  const handler = 'import { withSession, withoutSession } from "@/lib/request/handler";';
  const one = (path: string, text: string) => entriesOf({ [path]: text })[0];
  const page = `${guards}\nexport default async function P() { const a = await requireRole('staff'); }`;
  expect(one("app/(a-b)/b/[id]/page.tsx", page)).toEqual({
    kind: "page",
    address: "/b/[id]",
    method: "",
    source: "app/(a-b)/b/[id]/page.tsx",
    line: 2,
    guard: 'requireRole("staff")',
    fault: null,
  });
  const guarded = `${handler} export const PUT = withSession(work, { role: "admin", isHidden: true });`;
  expect(one("app/api/a/route.ts", guarded)).toMatchObject({
    kind: "handler",
    method: "PUT",
    guard: 'withSession({ role: "admin", isHidden: true })',
  });
  const refusing = `${handler} import { otherMethod } from "@/lib/request/problem";
    export const PUT = withoutSession(async (request) => otherMethod(request, ['GET']));`;
  expect(one("app/api/a/route.ts", refusing)?.guard).toBe("405 for everybody");
  const action = `"use server"; ${guards} ${origin} export async function act() {
    await requireSameOrigin();
    const { user } = await requireRecentProof("admin");
    await work();
  }`;
  expect(one("app/a/actions.ts", action)).toMatchObject({
    kind: "action",
    address: "act",
    guard: 'requireSameOrigin(), requireRecentProof("admin")',
  });
});

it("AZ-11: what the middleware lets strangers open is what the gate lets be open, from one list", () => {
  const pages = projectEntries().filter(({ kind, method }) => kind === "page" || method === "GET");
  for (const { address, guard } of pages)
    expect([address, isPublicPath(address)]).toEqual([address, guard?.startsWith("public: ")]);
  expect(Object.values(ALL_PUBLIC).every((reason) => reason.length > 0)).toBe(true);
  expect(isPublicPath("/constructor")).toBe(false);
});

/** The role that a page's or a handler's guard asks for, as an area of `roleToSee` names it. */
function roleOf({ guard }: Entry): string {
  return /"(staff|admin)"/.exec(guard ?? "")?.[1] ?? "member";
}

it("AZ-9: every page that asks for a role lies where there is nothing for those below it", () => {
  const seen = projectEntries().filter(
    ({ kind, method, address }) =>
      kind === "page" || (method === "GET" && !address.startsWith("/api/")),
  );
  for (const entry of seen) {
    const path = entry.address.replaceAll("[id]", "7");
    expect([path, roleToSee(path)]).toEqual([path, roleOf(entry)]);
  }
  expect(new Set(seen.map(roleOf))).toEqual(new Set(["member", "staff", "admin"]));
});

it("AZ-9: what is hidden is whole areas, by any spelling that Next takes for theirs", () => {
  for (const path of [
    "/admin/",
    "/admin/x",
    "/admin/users",
    "/admin/users/7",
    "/admin/x/users/7/y",
  ])
    expect([path, roleToSee(path)]).toEqual([path, "staff"]);
  for (const path of ["/admin/users/x", "/admin/users/7/x", "/admin/users/7.rsc", "/admin/users//"])
    expect([path, roleToSee(path)]).toEqual([path, "admin"]);
  for (const path of ["/", "/administrator", "/account/admin", "/x/admin/users/new"])
    expect([path, roleToSee(path)]).toEqual([path, "member"]);
  expect(roleToSee("/_next/data/x/admin/users.json")).toBe("staff");
});
