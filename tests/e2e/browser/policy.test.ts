import type { Page } from "playwright";
import { describe, expect, test } from "vitest";
import { newUser } from "@/tests/helpers/people";
import { chromiumForFile, type Visit } from "@/tests/support/chromium-pages";
import { form, password, submit } from "@/tests/support/sign-in-page";
import { appOf, STORY_BUILDS } from "@/tests/support/two-builds";

const chromium = chromiumForFile();

/** Sees every kind of page as a stranger and as a user; `look` is called on each. */
async function tour({ page, expectTrouble }: Visit, look: () => Promise<void>): Promise<void> {
  const user = await newUser();
  // The browser writes down the status of the page that is not there.
  expectTrouble(/status of 404/);
  for (const path of ["/", "/sign-in?reason=idle"]) {
    await page.goto(path);
    await look();
  }
  await submit(page, user.username, "not my password");
  await form(page).getByRole("alert").waitFor();
  await look();
  await submit(page, user.username);
  await page.waitForURL("/dashboard");
  await look();
  await page.goto("/nothing-here");
  await look();
  await page.goto("/");
  await page.getByRole("link", { name: "Go to the dashboard" }).click();
  await page.waitForURL("/dashboard");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByText("You are signed out.").waitFor();
  await page.waitForLoadState();
  await look();
}

describe.each(STORY_BUILDS)("%s", (build) => {
  const app = appOf(build);

  test("HD-8: nothing is kept in the browser's storage on any page", async () => {
    const visit = await chromium.visit(app());
    await tour(visit, async () => expect(await keptByScripts(visit.page)).toEqual([]));
  });
});

describe("with the middleware", () => {
  const app = appOf("with the middleware");

  // That no policy was broken, and no other site asked, is what each visit is watched for.
  test("HD-3: every page has a policy, and a whole visit breaks none", async () => {
    const visit = await chromium.visit(app());
    const documents: (string | undefined)[] = [];
    visit.page.on("response", (response) => {
      const isPage = response.request().isNavigationRequest() && response.status() !== 303;
      if (isPage) documents.push(response.headers()["content-security-policy"]);
    });
    await tour(visit, async () => {});
    expect(documents.length).toBeGreaterThan(3);
    for (const policy of documents) expect(policy).toContain("script-src 'self' 'nonce-");
  });

  const MARK = "document.documentElement.dataset.injected = 'ran'";
  test.each([
    ["an inline script", `<script>${MARK}</script>`],
    ["an inline script with a made-up nonce", `<script nonce="made-up">${MARK}</script>`],
    ["a script in an address", `<script src="data:text/javascript,${MARK}"></script>`],
  ])("HD-3: %s that got into the page does not run", async (_, injected) => {
    const { page, expectTrouble } = await chromium.visit(app());
    expectTrouble(/Content Security Policy/);
    await page.route("/sign-in", async (route) => {
      const response = await route.fetch();
      const html = await response.text();
      await route.fulfill({ response, body: html.replace("<body>", `<body>${injected}`) });
    });
    await page.goto("/sign-in");
    expect(await page.content()).toContain(MARK);
    expect(await page.locator("html").getAttribute("data-injected")).toBe(null);
  });

  test("HD-3: a handler in an attribute that got into the page does not run", async () => {
    const { page, expectTrouble } = await chromium.visit(app());
    expectTrouble(/Content Security Policy/);
    await page.goto("/sign-in");
    const image = `<img alt="" src="data:," onerror="${MARK}">`;
    await page.evaluate((html) => document.body.insertAdjacentHTML("beforeend", html), image);
    await page.waitForFunction(() => document.querySelector("img")?.complete);
    expect(await page.locator("html").getAttribute("data-injected")).toBe(null);
  });

  test("HD-3: the page's own scripts do run", async () => {
    const { page } = await chromium.visit(app());
    await page.goto("/sign-in");
    await page.getByRole("button", { name: "Show password" }).click();
    expect(await password(page).getAttribute("type")).toBe("text");
  });
});

/** Names of what scripts of this origin can find again: every kind of web storage, and cookies. */
async function keptByScripts(page: Page): Promise<string[]> {
  // Or it asks a document that is about to be left.
  await page.waitForLoadState("networkidle");
  return page.evaluate(async () => [
    ...Object.keys(localStorage),
    ...Object.keys(sessionStorage),
    ...(await indexedDB.databases()).map(({ name }) => name ?? ""),
    ...(await caches.keys()),
    ...(await navigator.serviceWorker.getRegistrations()).map(({ scope }) => scope),
    ...document.cookie.split(";").filter(Boolean),
  ]);
}
