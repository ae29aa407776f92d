// The move from real Django sites: one nginx, with the old site under /django/ and the app under all else.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";
import { freePort } from "@/scripts/free-port";
import { dataFolder } from "@/scripts/root";
import { PASSWORD } from "@/tests/helpers/people";
import { NEW_PASSWORD, sendNewPassword } from "@/tests/support/account-pages";
import { chromiumForFile } from "@/tests/support/chromium-pages";
import { DJANGO_KEYS } from "@/tests/support/django-site";
import { manage } from "@/tests/support/manage";
import { startNginx } from "@/tests/support/nginx";
import { type Requesting, rawRequest } from "@/tests/support/raw-request";
import { type RealDjango, startDjango } from "@/tests/support/real-django";
import { type RunningApp, startApp } from "@/tests/support/running-app";
import { submit } from "@/tests/support/sign-in-page";
import { change, number, rows } from "@/tests/support/sql";
import { newVisitor, type Visitor } from "@/tests/support/visitor";
import { DJANGO_RELEASES, type DjangoRelease, ownDjango } from "@/tests/tools/django";

const [SECRET_KEY = ""] = DJANGO_KEYS;
/** `npm test` moves from the Django of this machine's own release, `npm run test:django` from all. */
const IS_WHOLE = process.env.EVERY_DJANGO === "1";
const RELEASES: readonly DjangoRelease[] = IS_WHOLE ? DJANGO_RELEASES : [ownDjango()];
const HOW_MANY = IS_WHOLE ? 1000 : 50;
// A release is fetched once.
const PATIENCE_MS = 600_000;
const AT_ONCE = 10;
const LINES = [
  "proxy_set_header Host $http_host;",
  "proxy_set_header X-Forwarded-Host $http_host;",
];

const People = z.array(z.object({ id: z.string(), username: z.string(), key: z.string() }));
type Person = z.output<typeof People>[number];

const browser = chromiumForFile();

describe.each(RELEASES)("moving in from the Django of Debian %s", (release) => {
  const isBeside = IS_WHOLE && release === RELEASES[0];
  let django: RealDjango;
  let app: RunningApp;
  let site: Requesting & { readonly origin: string };
  let stopNginx: () => Promise<void>;
  let people: Person[];

  beforeAll(async () => {
    for (const table of ["identities", "sessions", "users"]) await change(`DELETE FROM ${table}`);
    // One beside our tables, the others in databases of their own.
    const databaseUrl = isBeside ? (process.env.DATABASE_URL ?? "") : await besides(release);
    django = await startDjango(release, { databaseUrl, secretKey: SECRET_KEY, password: PASSWORD });
    people = People.parse(JSON.parse(await django.command("people", String(HOW_MANY))));
    const file = join(inject("scratchFolder"), `${release}.json`);
    writeFileSync(file, await django.command("dump"));
    expect(await manage(["users", "import", file])).toMatchObject({ code: 0 });
    const port = await freePort();
    const origin = `http://localhost:${port}`;
    app = await startApp({
      APP_URL: origin,
      DJANGO_SECRET_KEYS: DJANGO_KEYS.join(","),
      DJANGO_DATABASE_URL: databaseUrl,
    });
    stopNginx = await startNginx([
      { port, appPort: app.port, others: { "/django/": django.port }, lines: LINES },
    ]);
    site = { origin, request: (path, asking) => rawRequest(port, path, asking) };
  }, PATIENCE_MS);

  afterAll(async () => {
    await stopNginx();
    await app.stop();
    await django.stop();
  });

  /** Somebody of them whom no other test has used, with the browser in which they are signed in. */
  function nextPerson(): { person: Person; visitor: Visitor } {
    const person = people.shift();
    if (!person) throw new Error("everybody was used");
    return { person, visitor: bearing(person.key) };
  }

  function bearing(key: string): Visitor {
    const visitor = newVisitor(site);
    visitor.jar.set("sessionid", key);
    return visitor;
  }

  const post = (visitor: Visitor, path: string, fields: Record<string, string> = {}) =>
    visitor.ask(path, {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(fields).toString(),
    });
  const atDjango = async (visitor: Visitor) =>
    Object(await visitor.ask("/django/who/").then((response) => response.json())).username;
  const here = async (visitor: Visitor) => (await visitor.ask("/api/session")).status;
  const signInHere = async (visitor: Visitor, name: string, password = PASSWORD) =>
    visitor.submit("/sign-in", "Sign in", [
      ["identifier", name],
      ["password", password],
    ]);

  test(`DJ-1: of ${HOW_MANY} who are signed in there nobody has to sign in here`, async () => {
    const waiting = [...people];
    const forced: string[] = [];
    const visitAll = async () => {
      for (let person = waiting.pop(); person; person = waiting.pop()) {
        const { hops, response } = await bearing(person.key).open("/account");
        const isIn = response.status === 200 && response.text.includes(person.username);
        if (!isIn || hops.length > 2) forced.push(`${person.username}: ${hops.join(" ")}`);
      }
    };
    const begun = Date.now();
    await Promise.all(Array.from({ length: AT_ONCE }, visitAll));
    console.log(
      `DJ-1: Django ${django.version}: ${HOW_MANY} first visits in ${Date.now() - begun} ms`,
    );
    expect(forced).toEqual([]);
    expect(await number("SELECT COUNT(DISTINCT user_id) FROM sessions")).toBe(HOW_MANY);
    people = People.parse(JSON.parse(await django.command("people", "12")));
    const file = join(inject("scratchFolder"), `${release}-more.json`);
    writeFileSync(file, await django.command("dump"));
    expect((await manage(["users", "import", file])).out).toContain(`Took 12 user(s); ${HOW_MANY}`);
  });

  test("DJ-3: 50 first visits at once with one key begin one session", async () => {
    const { person } = nextPerson();
    const visitors = Array.from({ length: 50 }, () => bearing(person.key));
    await Promise.all(visitors.map((visitor) => visitor.open("/account")));
    const [user] = await rows("SELECT id FROM users WHERE username = ?", [person.username]);
    expect(
      await number("SELECT COUNT(*) FROM sessions WHERE user_id = ?", [Number(user?.id)]),
    ).toBe(1);
  });

  test("DJ-2: a session of before the password was changed, and one of a disabled user, sign nobody in", async () => {
    const [{ person: changed, visitor }, { person: disabled }] = [nextPerson(), nextPerson()];
    const copy = newVisitor(site);
    await post(copy, "/django/login/", { username: changed.username, password: PASSWORD });
    await post(copy, "/django/password/", { password: NEW_PASSWORD });
    await change(`UPDATE ${await userTable()} SET is_active = 0 WHERE id = ?`, [disabled.id]);
    for (const bearer of [visitor, bearing(disabled.key)]) {
      const { hops } = await bearer.open("/account");
      expect(hops.at(-1)).toContain("/sign-in");
      expect(await here(bearer)).toBe(401);
    }
    // The browser that has changed it goes on.
    expect((await copy.open("/account")).response.text).toContain(changed.username);
  });

  const userTable = async () => {
    const [row] = await rows(
      `SELECT table_schema AS found FROM information_schema.tables WHERE table_name = 'auth_user'
        AND table_schema LIKE CONCAT(DATABASE(), ?)`,
      [isBeside ? "" : `_${release}`],
    );
    return `\`${row?.found}\`.auth_user`;
  };

  test("DJ-4: a sign-out there is seen here at the next request, and one here there", async () => {
    const { visitor: leaving } = nextPerson();
    await leaving.open("/account");
    const own = new Map(leaving.jar);
    expect(await here(leaving)).toBe(200);
    await post(leaving, "/django/logout/");
    for (const [name, value] of own) leaving.jar.set(name, value);
    expect(await here(leaving)).toBe(401);

    const { person, visitor } = nextPerson();
    await visitor.open("/account");
    expect(await atDjango(visitor)).toBe(person.username);
    await visitor.submit("/account", "Sign out");
    expect(await atDjango(bearing(person.key))).toBe("");
  });

  test("DJ-5: Django's own test client says who has signed in here", async () => {
    const { person } = nextPerson();
    const visitor = newVisitor(site);
    await signInHere(visitor, person.username);
    expect(await here(visitor)).toBe(200);
    const key = visitor.jar.get("sessionid") ?? "";
    expect(JSON.parse(await django.command("who", key))).toEqual([person.username]);
    expect(await atDjango(visitor)).toBe(person.username);
  });

  test("DJ-5: a password that is set here opens Django, and the session goes on at both", async () => {
    const { person } = nextPerson();
    const [visitor, other] = [newVisitor(site), newVisitor(site)];
    await post(other, "/django/login/", { username: person.username, password: PASSWORD });
    expect(await atDjango(other)).toBe(person.username);
    await signInHere(visitor, person.username);
    expect((await sendNewPassword(visitor)).status).toBe(303);
    expect([await here(visitor), await atDjango(visitor)]).toEqual([200, person.username]);
    expect(await atDjango(other)).toBe("");
    const later = newVisitor(site);
    await post(later, "/django/login/", { username: person.username, password: NEW_PASSWORD });
    expect(await atDjango(later)).toBe(person.username);
  });

  test("DJ-5: a password that is set there opens the app, and ends what it was signed in with", async () => {
    const { person, visitor } = nextPerson();
    await visitor.open("/account");
    const other = newVisitor(site);
    await post(other, "/django/login/", { username: person.username, password: PASSWORD });
    await post(other, "/django/password/", { password: NEW_PASSWORD });
    expect(await here(visitor)).toBe(401);
    const refused = newVisitor(site);
    await signInHere(refused, person.username);
    expect(await here(refused)).toBe(401);
    await signInHere(refused, person.username, NEW_PASSWORD);
    expect(await here(refused)).toBe(200);
  });

  test("DJ-1, DJ-4: in a browser, over the move and back", async () => {
    const { person } = nextPerson();
    const { page } = await browser.visit({ ...app, origin: site.origin });
    await page.goto("/django/login/");
    await page.getByLabel("User name").fill(person.username);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Log in" }).click();
    await picture(page, "1-old-site");
    await page.getByRole("link", { name: "Your account on the new site" }).click();
    await page.waitForURL("**/account");
    await expect.poll(() => page.content()).toContain(person.username);
    await picture(page, "2-account");
    await page.getByRole("button", { name: "Sign out" }).first().click();
    await page.waitForURL((url) => !url.pathname.startsWith("/account"));
    await page.waitForLoadState("networkidle");
    await page.goto("/django/");
    await picture(page, "3-old-site-after");
    expect(await page.content()).toContain("Nobody is logged in");
    await page.goto("/sign-in");
    await submit(page, person.username);
    await page.goto("/django/");
    await picture(page, "4-old-site-again");
    expect(await page.content()).toContain(person.username);
  });

  // Left for whoever wants to look at them.
  const picture = (page: Page, name: string) =>
    page.screenshot({ path: join(dataFolder, "django", release, `${name}.png`) });
});

/** The URL of a new database on the same server. */
async function besides(release: string): Promise<string> {
  const url = new URL(process.env.DATABASE_URL ?? "");
  url.pathname += `_${release}`;
  await change(`CREATE DATABASE \`${url.pathname.slice(1)}\` CHARACTER SET utf8mb4`);
  return url.href;
}
