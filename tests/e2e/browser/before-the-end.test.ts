import type { Page } from "playwright";
import { describe, expect, test } from "vitest";
import { newUser, type TestUser } from "@/tests/helpers/people";
import { signInAs } from "@/tests/helpers/sessions";
import { chromiumForFile } from "@/tests/support/chromium-pages";

import { change, number } from "@/tests/support/sql";
import { appOf, STORY_BUILDS } from "@/tests/support/two-builds";

const chromium = chromiumForFile();

describe.each(STORY_BUILDS)("%s", (build) => {
  const app = appOf(build);

  const stay = (page: Page) => page.getByRole("button", { name: "Stay signed in" });
  const notice = (page: Page) => page.getByRole("status");

  /** A page that was opened long ago: its session ends so many seconds from now. */
  async function openLongAgo(column: "expires_at" | "absolute_expires_at", seconds: number) {
    const user = await newUser();
    const visit = await chromium.visit(app());
    await (await signInAs(user)).addTo(visit.context, app().origin);
    await visit.page.goto("/account");
    await visit.page.waitForLoadState("networkidle");
    expect(await notice(visit.page).innerText()).toBe("");
    await change(
      `UPDATE sessions SET last_activity_at = last_activity_at - INTERVAL 1 DAY,
       ${column} = utc_timestamp(3) + INTERVAL ? SECOND WHERE user_id = ?`,
      [seconds, user.id],
    );
    return { ...visit, user };
  }

  const look = (page: Page) => page.evaluate(() => window.dispatchEvent(new Event("focus")));

  const secondsLeft = ({ id }: TestUser) =>
    number(
      "SELECT timestampdiff(SECOND, utc_timestamp(3), expires_at) FROM sessions WHERE user_id = ?",
      [id],
    );

  test("TO-1: five minutes before the idle end I am told, and can stay", async () => {
    const { page, user } = await openLongAgo("expires_at", 290);
    await page.getByRole("link", { name: "Dashboard" }).focus();
    await look(page);
    await notice(page).getByText("You will be signed out at").waitFor();
    expect(await page.locator(":focus").innerText()).toBe("Dashboard");
    await stay(page).click();
    await notice(page).getByText("You will be signed out at").waitFor({ state: "detached" });
    expect(await secondsLeft(user)).toBeGreaterThan(24 * 3600);
    expect(await page.locator(":focus").getAttribute("id")).toBe("main");
  });

  test("TO-1: six minutes before it nothing is said", async () => {
    const { page } = await openLongAgo("expires_at", 360);
    const response = page.waitForResponse((response) => response.url().endsWith("/api/session"));
    await look(page);
    expect((await response).status()).toBe(200);
    expect(await notice(page).innerText()).toBe("");
  });

  test("TO-2: before the absolute end there are only words, since nothing moves it", async () => {
    const { page } = await openLongAgo("absolute_expires_at", 290);
    await look(page);
    await notice(page).getByText("Your session ends at").waitFor();
    expect(await stay(page).count()).toBe(0);
  });

  test("TO-1: at its end the page leaves by itself, and says why", async () => {
    const { page, expectTrouble } = await openLongAgo("expires_at", 3);
    expectTrouble(/401/);
    await look(page);
    await page.getByText("You were signed out after a long time without activity.").waitFor();
  });
});
