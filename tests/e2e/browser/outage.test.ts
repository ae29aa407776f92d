import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { migrateDatabase } from "@/lib/db/migrate/migrate";
import { type Database, startDatabase } from "@/scripts/database/start";
import { newUser } from "@/tests/helpers/people";
import { signInAs } from "@/tests/helpers/sessions";
import { chromiumForFile } from "@/tests/support/chromium-pages";
import { form, identifier, sessionCookies, submit } from "@/tests/support/sign-in-page";
import { appOf, STORY_BUILDS } from "@/tests/support/two-builds";
import { testServers } from "@/tests/tools/clear-servers";

// A server of this file's own, which nobody else misses. The number lets a later run clear it away.
const folder = join(testServers, `outage-${randomBytes(4).toString("hex")}-${process.pid}`);
let database: Database;

beforeAll(async () => {
  database = await startDatabase({ folder });
  process.env.DATABASE_URL = database.url;
  await migrateDatabase(database.url);
});

afterAll(async () => {
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
});

const chromium = chromiumForFile();

describe.each(STORY_BUILDS)("%s", (build) => {
  const app = appOf(build);

  test("RL-1: while the database hangs I am told so within seconds, and keep my cookie", async () => {
    const { context, page } = await signedIn();
    const cookies = await sessionCookies(context);
    await whileFrozen(async () => {
      const begun = Date.now();
      await page.goto("/dashboard");
      expect(Date.now() - begun).toBeLessThan(5000);
      expect(await isTold(page)).toBe(true);
      expect(await sessionCookies(context)).toEqual(cookies);
    });
  });

  test("RL-1: when the database is back I try again, and am still signed in", async () => {
    const { page, user } = await signedIn();
    await whileFrozen(async () => {
      await page.goto("/dashboard");
    });
    await page.getByRole("link", { name: "Try again" }).click();
    await page.waitForURL("/dashboard");
    expect(await page.getByText(`You are signed in as ${user.email}.`).isVisible()).toBe(true);
  });

  test("RL-1: signing in while the database hangs is not called a wrong password", async () => {
    const user = await newUser();
    const { page } = await chromium.visit(app());
    await page.goto("/sign-in");
    await whileFrozen(() => submit(page, user.username));
    await form(page).getByRole("alert").waitFor();
    expect(await form(page).getByRole("alert").textContent()).toContain(
      "We cannot reach our database right now.",
    );
    expect(await identifier(page).inputValue()).toBe(user.username);
  });

  async function signedIn({ javaScriptEnabled = true } = {}) {
    const user = await newUser();
    const visit = await chromium.visit(app(), { javaScriptEnabled });
    await (await signInAs(user)).addTo(visit.context, app().origin);
    // The browser writes down the status of an answer that is an error.
    if (build === "with the middleware") visit.expectTrouble(/503/);
    return { user, ...visit };
  }

  // The answer's status and its header are the middleware's.
  if (build === "with the middleware") {
    test("RL-1: the page tries again by itself, without JavaScript too", async () => {
      const { page, user } = await signedIn({ javaScriptEnabled: false });
      await whileFrozen(async () => {
        await page.goto("/dashboard?tab=all");
      });
      await page.waitForURL("/dashboard?tab=all");
      expect(await page.getByText(`You are signed in as ${user.email}.`).isVisible()).toBe(true);
    });

    test("RL-1: a link that I follow while the database hangs tells me so, and leads on", async () => {
      const { page, user } = await signedIn();
      await page.goto("/");
      await whileFrozen(async () => {
        await page.getByRole("link", { name: "Go to the dashboard" }).click();
        await heading(page).waitFor();
      });
      await page.waitForURL("/dashboard");
      await page.getByText(`You are signed in as ${user.email}.`).waitFor();
    });

    test("RL-1: after the database was stopped and started I am still signed in", async () => {
      const { page, user } = await signedIn();
      await page.goto("/dashboard");
      await database.stop();
      await page.reload();
      expect(await isTold(page)).toBe(true);
      database = await startDatabase({ folder });
      await page.waitForURL("/dashboard");
      expect(await page.getByText(`You are signed in as ${user.email}.`).isVisible()).toBe(true);
    });
  }
});

async function whileFrozen(story: () => Promise<void>): Promise<void> {
  process.kill(database.pid, "SIGSTOP");
  try {
    await story();
  } finally {
    process.kill(database.pid, "SIGCONT");
  }
}

const heading = (page: Page) => page.getByRole("heading", { name: "We cannot reach our database" });

const isTold = (page: Page) => heading(page).isVisible();
