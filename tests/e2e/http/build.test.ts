import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { root } from "@/scripts/root";
import { newUser } from "@/tests/helpers/people";
import { withCookie } from "@/tests/support/asking";
import { signIn } from "@/tests/support/people";
import { builtRoutes } from "@/tests/support/routes";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";

let app: SharedApp;

beforeAll(async () => {
  app = await sharedApp({ METRICS_TOKEN });
});

const METRICS_TOKEN = "a-token-for-metrics-0123456789";
const build = join(root, ".next");

/** Every file in a folder of the build with its text. */
function filesIn(folder: string): [string, string][] {
  return readdirSync(join(build, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [path.slice(build.length), readFileSync(path, "latin1")]);
}

const publicFiles = () => filesIn("static");
const serverFiles = () => filesIn("server");

// Values that a client must never see; the words are those of this very process.
function secrets(): string[] {
  const { SESSION_SECRET = "", DATABASE_URL = "" } = process.env;
  return [SESSION_SECRET, DATABASE_URL, new URL(DATABASE_URL).password, METRICS_TOKEN];
}

const NAMES = [
  "SESSION_SECRET",
  "DATABASE_URL",
  "METRICS_TOKEN",
  "TRUST_PROXY",
  "process.env.SESSION",
];
const INSIDES = [
  "gatehouse session cookie",
  "gatehouse password",
  "bcrypt",
  "mysql2",
  "drizzle",
  "iron-session",
  "Fe26",
  "password_hash",
  "secret_hash",
];

test("HD-2: no page of people is made at build time", () => {
  const manifest: { routes: object; dynamicRoutes: object } = JSON.parse(
    readFileSync(join(build, "prerender-manifest.json"), "utf8"),
  );
  const made = [...Object.keys(manifest.routes), ...Object.keys(manifest.dynamicRoutes)];
  const { pages } = builtRoutes();
  expect(pages).toContain("/dashboard");
  expect(made.filter((path) => pages.includes(path) || path.startsWith("/api"))).toEqual([]);
  expect(
    made.every((path) => /^\/(icon\.svg|favicon\.ico|_global-error|_not-found)$/.test(path)),
  ).toBe(true);
});

test("HD-2: no file of the build is a page's HTML or payload", () => {
  const { pages } = builtRoutes();
  const names = serverFiles().map(([path]) => path);
  for (const page of pages)
    for (const ending of [".html", ".rsc", ".meta"])
      expect(names).not.toContain(`/server/app${page === "/" ? "/index" : page}${ending}`);
});

test("CR-4: the scripts that browsers get name no setting and hold no secret", () => {
  const files = publicFiles();
  expect(files.length).toBeGreaterThan(5);
  for (const [path, text] of files)
    for (const word of [...NAMES, ...INSIDES, ...secrets()])
      expect([path, text.includes(word) ? word : ""]).toEqual([path, ""]);
});

test("CR-4: the build holds no secret of the machine that made it", () => {
  for (const [path, text] of [...serverFiles(), ...publicFiles()])
    for (const secret of secrets()) expect([path, text.includes(secret)]).toEqual([path, false]);
});

test("CR-4: browsers are given no source map", async () => {
  for (const [path, text] of publicFiles()) {
    expect(path).not.toMatch(/\.map$/);
    expect(text).not.toMatch(/sourceMappingURL=(?!data:)/);
  }
  const [script = ""] = publicFiles()
    .map(([path]) => path)
    .filter((path) => path.endsWith(".js"));
  expect((await app.request(`/_next${script}`)).status).toBe(200);
  expect((await app.request(`/_next${script}.map`)).status).toBe(404);
});

test("CR-4: no answer names a setting or holds a secret", async () => {
  const cookie = await signIn(app, await newUser());
  const { pages, handlers } = builtRoutes();
  for (const path of [...pages, ...handlers, "/nothing", "/.env", "/package.json", "/lib/env.ts"])
    for (const asking of [{}, withCookie(cookie), withCookie(cookie, { headers: { RSC: "1" } })]) {
      const { text, headers } = await app.request(path, asking);
      const said = text + JSON.stringify(headers);
      for (const word of [...NAMES, ...secrets()])
        expect([path, said.includes(word) ? word : ""]).toEqual([path, ""]);
    }
});

test("CR-4: the log holds no secret", () => {
  for (const secret of secrets()) expect(app.log()).not.toContain(secret);
});
