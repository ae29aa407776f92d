// Code that is open, or looks guarded and is not: each of these the guard gate has to refuse. And code
// that is guarded, which it has to let be.

/** What somebody tries, the source that tries it, and the words by which the gate has to refuse it. */
export type Trick = readonly [name: string, path: string, text: string, refusal: RegExp];

const NO_GUARD = /opens with no guard/;
const NOT_MADE = /is made by neither/;
const STRANGERS = /is open to strangers/;
const NOT_FROM_HERE = /does not refuse other origins first/;

const guards = (names: string) => `import { ${names} } from "@/lib/request/guards";\n`;
const handler = 'import { withSession, withoutSession } from "@/lib/request/handler";\n';
const page = (body: string) => `export default async function Page() { ${body} }`;
const GUARD = guards("requireSession");
const ROLE = guards("requireRole");
const ORIGIN = 'import { requireSameOrigin } from "@/lib/request/origin";\n';
const ACTION = `"use server";\n${ORIGIN}${GUARD}`;
const guarded = "await requireSession(); return null;";

const PAGES: Trick[] = [
  ["no guard", "page.tsx", page("return await load();"), NO_GUARD],
  ["no guard, in a group", "(group-of)/page.jsx", page("return null;"), NO_GUARD],
  [
    "a guard that is not awaited",
    "page.tsx",
    GUARD + page("requireSession(); return null;"),
    NO_GUARD,
  ],
  [
    "a guard after data was read",
    "page.tsx",
    GUARD + page(`const all = await load(); ${guarded}`),
    NO_GUARD,
  ],
  [
    "a guard behind a condition",
    "page.tsx",
    GUARD + page("if (a) await requireSession();"),
    NO_GUARD,
  ],
  ["a guard behind an &&", "page.tsx", GUARD + page("a && (await requireSession());"), NO_GUARD],
  [
    "a guard behind a question mark",
    "page.tsx",
    GUARD + page("await (a ? requireSession() : null);"),
    NO_GUARD,
  ],
  ["a guard called if there", "page.tsx", GUARD + page("await requireSession?.();"), NO_GUARD],
  [
    "a guard whose refusal is caught",
    "page.tsx",
    GUARD + page("try { await requireSession(); } catch {}"),
    NO_GUARD,
  ],
  [
    "a guard whose refusal is caught as a promise",
    "page.tsx",
    GUARD + page("await requireSession().catch(() => null);"),
    NO_GUARD,
  ],
  [
    "a guard beside other work",
    "page.tsx",
    GUARD + page("await Promise.all([requireSession(), load()]);"),
    NO_GUARD,
  ],
  [
    "a guard within an argument",
    "page.tsx",
    GUARD + page("show(await requireSession());"),
    NO_GUARD,
  ],
  [
    "a guard in a function that nobody calls",
    "page.tsx",
    GUARD + page("const f = async () => { await requireSession(); };"),
    NO_GUARD,
  ],
  [
    "a guard that is told what to ask while the app runs",
    "page.tsx",
    ROLE + page("await requireRole(await role());"),
    NO_GUARD,
  ],
  [
    "data read for a parameter's default",
    "page.tsx",
    `${GUARD}export default async function Page(a = load()) { ${guarded} }`,
    NO_GUARD,
  ],
  [
    "an alias",
    "page.tsx",
    `import { currentSession as requireSession } from "@/lib/request/current";\n${page(guarded)}`,
    NO_GUARD,
  ],
  [
    "an alias of what the door makes",
    "page.tsx",
    `import { anyVisitor as requireSession } from "@/lib/request/guards";\n${page(guarded)}`,
    NO_GUARD,
  ],
  [
    "a local function named like a guard",
    "page.tsx",
    `${page(guarded)}\nasync function requireSession() {}`,
    NO_GUARD,
  ],
  [
    "a local function beside the guard",
    "page.tsx",
    GUARD + page(`async function requireSession() {} ${guarded}`),
    NO_GUARD,
  ],
  [
    "a parameter named like a guard",
    "page.tsx",
    `${GUARD}export default async function Page({ requireSession }) { ${guarded} }`,
    NO_GUARD,
  ],
  [
    "a guard of another module",
    "page.tsx",
    `import { requireSession } from "@/app/_shell/guards";\n${page(guarded)}`,
    NO_GUARD,
  ],
  [
    "a guard of a package",
    "page.tsx",
    `import { requireSession } from "lib/request/guards";\n${page(guarded)}`,
    NO_GUARD,
  ],
  [
    "a guard for anybody, not on the list",
    "page.tsx",
    guards("anyVisitor") + page("await anyVisitor();"),
    NO_GUARD,
  ],
  [
    "an arrow function",
    "page.tsx",
    `${GUARD}export default async () => { ${guarded} };`,
    /default is not written as/,
  ],
  [
    "a class",
    "page.tsx",
    `${GUARD}export default class Page { render() {} }`,
    /default is not written as/,
  ],
  [
    "a wrapper",
    "page.tsx",
    `${GUARD}export default wrapped(async () => { ${guarded} });`,
    /default is not written as/,
  ],
  [
    "a name",
    "page.tsx",
    `${GUARD}async function Page() { ${guarded} }\nexport default Page;`,
    /default is not written as/,
  ],
  [
    "a name among others",
    "page.tsx",
    `${GUARD}async function Page() { ${guarded} }\nexport { Page as default };`,
    /default is not written as/,
  ],
  [
    "a page of another file",
    "page.tsx",
    'export { default } from "@/app/_open";',
    /made in another file/,
  ],
  ["everything of another file", "page.tsx", 'export * from "@/app/_open";', /hands on/],
  [
    "a page that is assigned to again",
    "page.tsx",
    `${GUARD}export default async function Page() { ${guarded} }\nPage = open;`,
    /assigned to again/,
  ],
  ["the way of CommonJS", "page.js", "module.exports = async () => null;", /CommonJS/],
  [
    "a page for the browser",
    "page.tsx",
    '"use client";\nexport default function Page() { return null; }',
    NO_GUARD,
  ],
];

const SHOWN: Trick[] = [
  ...[
    "layout",
    "template",
    "default",
    "loading",
    "error",
    "not-found",
    "forbidden",
    "unauthorized",
  ].map(
    (name): Trick => [
      `a ${name} that reads data`,
      `${name}.tsx`,
      `import { currentUser } from "@/lib/request/current";\n${page("return (await currentUser())?.name;")}`,
      /may read data by lib\/request\/current/,
    ],
  ),
  ["a slot", "@slot/page.tsx", page("return await load();"), NO_GUARD],
  [
    "a layout of a slot",
    "@slot/layout.tsx",
    page("return await fetch('http://x');"),
    /may read data by fetch/,
  ],
  ["an intercepted route", "(.)photo/page.tsx", page("return await load();"), NO_GUARD],
  ["an intercepted route of above", "(..)photo/page.tsx", page("return await load();"), NO_GUARD],
  [
    "a layout that asks the request",
    "layout.tsx",
    `import { cookies } from "next/headers";\n${page("return (await cookies()).get('a');")}`,
    /may read data by next\/headers/,
  ],
  [
    "a layout that waits for the guard later",
    "layout.tsx",
    `${GUARD}import { load } from "@/lib/load";\n${page("await load(); await requireSession();")}`,
    /may read data by/,
  ],
  [
    "a layout that imports what is not written out",
    "layout.tsx",
    page("return (await import(name)).default;"),
    /may read data by an import/,
  ],
  [
    "a layout that reads the environment",
    "layout.tsx",
    page("return process.env.SECRET;"),
    /may read data by process/,
  ],
  [
    "a layout for the browser that reads the environment where it is rendered",
    "layout.tsx",
    '"use client";\nexport default function L() { return process.env.SESSION_SECRET; }',
    /may read data by process/,
  ],
  [
    "a layout for the browser that brings in the settings",
    "layout.tsx",
    '"use client";\nimport { settings } from "@/lib/env";\nexport default function L() { return settings().SESSION_SECRET; }',
    /may read data by (process|lib\/)/,
  ],
  [
    "a layout for the browser that asks the machine",
    "layout.tsx",
    '"use client";\nimport { hostname } from "node:os";\nexport default function L() { return hostname(); }',
    /may read data by node:os/,
  ],
  [
    "a layout that takes the database from where ours keeps it",
    "layout.tsx",
    page('return (await gatehouseDatabase.client.query("select 1"))[0];'),
    /may read data by gatehouseDatabase/,
  ],
  [
    "a layout that makes a function of text",
    "layout.tsx",
    page('return (() => {}).constructor("return process.env.SESSION_SECRET")();'),
    /may read data by constructor/,
  ],
  [
    "metadata of a guarded page",
    "page.tsx",
    `${ROLE}export const metadata = { title: "Users" };\n${page('await requireRole("staff");')}`,
    /sent before any guard/,
  ],
  [
    "metadata of a layout",
    "layout.tsx",
    `export const metadata = { title: "Users" };\nexport default function L() { return null; }`,
    /sent before any guard/,
  ],
  [
    "generateMetadata without a guard",
    "page.tsx",
    `${GUARD}export async function generateMetadata() { return { title: await load() }; }\n${page(guarded)}`,
    /does not open with the guard of its page/,
  ],
  [
    "generateMetadata that opens to more than its page",
    "page.tsx",
    `${guards("requireRole, requireSession")}export async function generateMetadata() { await requireSession(); return {}; }\n${page('await requireRole("staff");')}`,
    /Make `await requireRole\("staff"\);`/,
  ],
  [
    "generateMetadata as an arrow function",
    "page.tsx",
    `${GUARD}export const generateMetadata = async () => { await requireSession(); return {}; };\n${page(guarded)}`,
    /does not open with the guard/,
  ],
  [
    "generateMetadata of another file",
    "page.tsx",
    `${GUARD}export { generateMetadata } from "@/app/_open";\n${page(guarded)}`,
    /made in another file/,
  ],
  [
    "generateMetadata of a layout",
    "layout.tsx",
    `export async function generateMetadata() { return { title: await load() }; }\nexport default function L() { return null; }`,
    /does not open with the guard/,
  ],
  [
    "generateViewport without a guard",
    "page.tsx",
    `${GUARD}export async function generateViewport() { return await load(); }\n${page(guarded)}`,
    /does not open with the guard/,
  ],
  [
    "generateStaticParams without a guard",
    "[id]/page.tsx",
    `${GUARD}export async function generateStaticParams() { return await load(); }\n${page(guarded)}`,
    /does not open with the guard/,
  ],
  [
    "a setting that is worked out",
    "page.tsx",
    `${GUARD}export const revalidate = load();\n${page(guarded)}`,
    /exports revalidate/,
  ],
  ...["sitemap", "robots", "manifest"].map(
    (name): Trick => [
      `a ${name} that reads data`,
      `${name}.ts`,
      `import { load } from "@/lib/load";\n${page("return await load();")}`,
      /may read data by lib\/load/,
    ],
  ),
  ...["icon", "apple-icon", "opengraph-image", "twitter-image", "icon2"].map(
    (name): Trick => [
      `an image (${name}) that reads data`,
      `${name}.tsx`,
      `import { load } from "@/lib/load";\n${page("return await load();")}`,
      /may read data by lib\/load/,
    ],
  ),
  [
    "a sitemap of another file",
    "sitemap.ts",
    'export { default } from "@/app/_open";',
    /made in another file/,
  ],
];

const HANDLERS: Trick[] = [
  ["a function", "route.ts", "export async function GET() { return new Response(); }", NOT_MADE],
  ["an arrow function", "route.ts", "export const GET = async () => new Response();", NOT_MADE],
  [
    "a wrapped guard",
    "route.ts",
    `${handler}export const POST = wrapped(withSession(work));`,
    NOT_MADE,
  ],
  [
    "a guard under an alias",
    "route.ts",
    'import { withLog as withSession } from "@/app/_log";\nexport const GET = withSession(work);',
    NOT_MADE,
  ],
  [
    "a local function named like a guard",
    "route.ts",
    "const withSession = (work) => work;\nexport const GET = withSession(work);",
    NOT_MADE,
  ],
  [
    "a guard that is told what to ask while the app runs",
    "route.ts",
    `${handler}export const GET = withSession(work, guard);`,
    NOT_MADE,
  ],
  [
    "a guard with what it asks taken from elsewhere",
    "route.ts",
    `${handler}export const GET = withSession(work, { ...guard });`,
    NOT_MADE,
  ],
  [
    "withoutSession, not on the list",
    "route.ts",
    `${handler}export const GET = withoutSession(async () => json(await load()));`,
    STRANGERS,
  ],
  [
    "withoutSession under the name of a refusal",
    "route.ts",
    `${handler}const notFoundProblem = load;\nexport const GET = withoutSession(async () => notFoundProblem());`,
    STRANGERS,
  ],
  [
    "a refusal that says more",
    "route.ts",
    `${handler}import { otherMethod } from "@/lib/request/problem";\nexport const GET = withoutSession(async (request) => otherMethod(request, [await load()]));`,
    STRANGERS,
  ],
  [
    "a refusal with work in a parameter",
    "route.ts",
    `${handler}import { notFoundProblem } from "@/lib/request/problem";\nexport const POST = withoutSession(async (request, context, body = load()) => notFoundProblem());`,
    STRANGERS,
  ],
  [
    "a refusal with work in its schema",
    "route.ts",
    `${handler}import { notFoundProblem } from "@/lib/request/problem";\nexport const POST = withoutSession(async () => notFoundProblem(), { body: Body });`,
    STRANGERS,
  ],
  [
    "what is taken out of another value",
    "route.ts",
    "const all = { POST: open };\nexport const { POST } = all;",
    /taken out of another value/,
  ],
  [
    "what is taken out of a list",
    "route.ts",
    "export const [GET] = all;",
    /taken out of another value/,
  ],
  [
    "a text for its name",
    "route.ts",
    'const open = async () => new Response();\nexport { open as "DELETE" };',
    /DELETE has a text for its name/,
  ],
  [
    "a variable",
    "route.ts",
    `${handler}export let PUT = withSession(work);\nPUT = open;`,
    /PUT is/,
  ],
  [
    "a variable under another name",
    "route.ts",
    `${handler}let all = withSession(work);\nexport { all as PUT };\nall = open;`,
    /PUT is/,
  ],
  [
    "a function that is assigned to again",
    "route.ts",
    "export async function PUT() {}\nPUT = open;",
    /assigned to again/,
  ],
  [
    "a variable that is assigned to within a pattern",
    "route.ts",
    `${handler}let all = withSession(work);\nexport { all as PUT };\n({ all } = open);`,
    /PUT is/,
  ],
  [
    "a handler of another file",
    "route.ts",
    'export { GET } from "@/app/_open";',
    /made in another file/,
  ],
  [
    "a handler that is brought and handed on",
    "route.ts",
    'import { GET } from "@/app/_open";\nexport { GET };',
    /not declared in this file/,
  ],
  ["everything of another file", "route.ts", 'export * from "@/app/_open";', /hands on/],
  [
    "everything of another file under a name",
    "route.ts",
    'export * as GET from "@/app/_open";',
    /hands on|another file/,
  ],
  ["the way of CommonJS", "route.js", "exports.GET = async () => new Response();", /CommonJS/],
  ["a class", "route.ts", "export class GET {}", /neither a function nor a constant/],
];

const ACTIONS: Trick[] = [
  [
    "no guard",
    "actions.ts",
    '"use server";\nexport async function act() { await work(); }',
    NOT_FROM_HERE,
  ],
  [
    "an origin that is not waited for",
    "actions.ts",
    `${ACTION}export async function act() { requireSameOrigin(); await requireSession(); }`,
    NOT_FROM_HERE,
  ],
  [
    "the origin alone, not on the list",
    "actions.ts",
    `${ACTION}export async function act() { await requireSameOrigin(); await work(); }`,
    STRANGERS,
  ],
  [
    "the guard before the origin",
    "actions.ts",
    `${ACTION}export async function act() { await requireSession(); await requireSameOrigin(); }`,
    NOT_FROM_HERE,
  ],
  [
    "work between origin and guard",
    "actions.ts",
    `${ACTION}export async function act() { await requireSameOrigin(); await work(); await requireSession(); }`,
    STRANGERS,
  ],
  [
    "an arrow function",
    "actions.ts",
    '"use server";\nexport const act = async () => { await work(); };',
    NOT_FROM_HERE,
  ],
  ["a wrapper", "actions.ts", '"use server";\nexport const act = guarded(work);', NOT_FROM_HERE],
  [
    "a local function named like the guard",
    "actions.ts",
    '"use server";\nasync function requireSameOrigin() {}\nasync function requireSession() {}\nexport async function act() { await requireSameOrigin(); await requireSession(); }',
    NOT_FROM_HERE,
  ],
  [
    "a default export",
    "actions.ts",
    '"use server";\nexport default async function act() { await work(); }',
    NOT_FROM_HERE,
  ],
  [
    "an action of another file",
    "actions.ts",
    '"use server";\nexport { act } from "./b";',
    /made in another file/,
  ],
  ["everything of another file", "actions.ts", '"use server";\nexport * from "./b";', /hands on/],
  [
    "what is taken out of another value",
    "actions.ts",
    '"use server";\nexport const { act } = all;',
    /taken out of another value/,
  ],
  [
    "a text for its name",
    "actions.ts",
    '"use server";\nasync function act() {}\nexport { act as "a b" };',
    /a text for its name/,
  ],
  ["a variable", "actions.ts", '"use server";\nexport let act = open;', /is not a constant/],
  [
    "a directive with an escape",
    "actions.ts",
    '"use\\x20server";\nexport async function act() { await work(); }',
    NOT_FROM_HERE,
  ],
  [
    "an action within a page",
    "page.tsx",
    `${ACTION.replace('"use server";\n', "")}export default async function P() { await requireSession(); async function act() { "use server"; await requireSameOrigin(); await requireSession(); } }`,
    /within a function/,
  ],
  [
    "an action within an arrow function",
    "form.tsx",
    'export const Form = () => <form action={async () => { "use server"; await work(); }} />;',
    /within a function/,
  ],
  [
    "an action in a property",
    "form.tsx",
    'export const acts = { async end() { "use server"; await work(); } };',
    /within a function/,
  ],
  [
    "an action in a static method",
    "form.tsx",
    'export class Acts { static async end() { "use server"; await work(); } }',
    /within a function/,
  ],
];

/** All of them, in a folder of the app of their own. */
export const TRICKS: readonly Trick[] = Object.entries({ PAGES, SHOWN, HANDLERS, ACTIONS }).flatMap(
  ([group, tricks]) =>
    tricks.map(
      ([name, path, text, refusal]): Trick => [
        `${group.toLowerCase()}: ${name}`,
        `app/a/${path}`,
        text,
        refusal,
      ],
    ),
);

const OTHER = 'import { otherMethod } from "@/lib/request/problem";\n';

/** What is guarded, or shows nothing: name, path and text. */
export const GUARDED: readonly (readonly [string, string, string])[] = [
  ["a page", "app/a/page.tsx", ROLE + page('await requireRole("admin");')],
  [
    "a page that keeps who is there",
    "app/a/page.tsx",
    GUARD + page("const { user } = await requireSession();"),
  ],
  [
    "a page that takes a part",
    "app/a/page.tsx",
    GUARD + page("const user = (await requireSession()).user;"),
  ],
  [
    "a guard that is told something",
    "app/a/page.tsx",
    GUARD + page("await requireSession({ allowOld: true });"),
  ],
  [
    "a guard by a relative path",
    "app/a/page.tsx",
    `import { requireSession } from "../../lib/request/guards";\n${page(guarded)}`,
  ],
  ["a setting", "app/a/page.tsx", `${GUARD}export const maxDuration = 5;\n${page(guarded)}`],
  [
    "generateMetadata with the guard of its page",
    "app/a/page.tsx",
    `${GUARD}export async function generateMetadata() { await requireSession(); return {}; }\n${page(guarded)}`,
  ],
  [
    "a layout that shows its children",
    "app/a/layout.tsx",
    "export default function L({ children }) { return children; }",
  ],
  [
    "a layout that waits for a request",
    "app/a/layout.tsx",
    `import { connection } from "next/server";\n${page("await connection();")}`,
  ],
  [
    "a layout with a guard",
    "app/a/layout.tsx",
    `${GUARD}import { load } from "@/lib/load";\n${page("await requireSession(); return load();")}`,
  ],
  [
    "an error page for the browser",
    "app/a/error.tsx",
    '"use client";\nexport default function E() { return fetch("/api/session"); }',
  ],
  [
    "a sitemap of nothing secret",
    "app/a/sitemap.ts",
    "export default function sitemap() { return []; }",
  ],
  ["a component", "app/a/list.tsx", "export default function List() { return null; }"],
  [
    "a handler",
    "app/a/route.ts",
    `${handler}export const GET = withSession(async () => new Response());`,
  ],
  [
    "a handler that takes a body",
    "app/a/route.ts",
    `${handler}export const GET = withSession(work, { role: "staff", body: Input });`,
  ],
  [
    "one refusal for many methods",
    "app/a/route.ts",
    `${handler}${OTHER}const other = withoutSession(async (request) => otherMethod(request, ["GET"]));\nexport { other as PUT, other as POST };`,
  ],
  [
    "an action",
    "app/a/actions.ts",
    `${ACTION}export async function act() { await requireSameOrigin(); const { user } = await requireSession(); }`,
  ],
  [
    "a function beside actions",
    "app/a/actions.ts",
    '"use server";\nasync function part() { await work(); }',
  ],
  [
    "a type beside actions",
    "app/a/actions.ts",
    '"use server";\nexport type State = string;\nexport interface Other {}',
  ],
  [
    "a module without the directive",
    "app/a/state.ts",
    "export async function act() { await work(); }",
  ],
];
