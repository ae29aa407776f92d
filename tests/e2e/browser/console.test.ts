import type { Page } from "playwright";
import { describe, expect, test } from "vitest";
import { newUser, PASSWORD } from "@/tests/helpers/people";
import { signInAs } from "@/tests/helpers/sessions";
import { chromiumForFile } from "@/tests/support/chromium-pages";
import { onFirefox, onPhone } from "@/tests/support/devices";
import { manySessions } from "@/tests/support/many-sessions";
import { makeProofOld } from "@/tests/support/people";

import { eventsOf, rowOf } from "@/tests/support/signed-in";
import { number } from "@/tests/support/sql";
import { appOf, STORY_BUILDS, scripting } from "@/tests/support/two-builds";

const HOUR_MS = 3_600_000;

const chromium = chromiumForFile();

describe.each(STORY_BUILDS)("%s", (build) => {
  const app = appOf(build);

  async function open(path: string, role: "staff" | "admin", javaScriptEnabled = true) {
    const operator = await newUser({ role });
    const visit = await chromium.visit(app(), { javaScriptEnabled });
    await (await signInAs(operator)).addTo(visit.context, app().origin);
    await visit.page.goto(path);
    return { ...visit, operator };
  }

  const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
  const devices = (page: Page) =>
    page.getByRole("table", { name: "Live sessions" }).getByRole("row");

  describe.each(scripting(build))("%s", (_, javaScriptEnabled) => {
    test("TE-9: I find somebody's sessions, select two, am told what will happen, and end them", async () => {
      const person = await newUser();
      const [kept, ...chosen] = [
        await onFirefox(person),
        await onPhone(person),
        await onPhone(person),
      ];
      const { page, operator } = await open("/admin/sessions", "staff", javaScriptEnabled);
      await page.getByLabel("Search", { exact: true }).fill(person.username.slice(1));
      await button(page, "Search").click();
      await page.waitForURL(/q=/);
      expect(await devices(page).count()).toBe(1 + 3);
      await page.getByText("3 live sessions, newest activity first").waitFor();
      for (const id of chosen) await page.locator(`input[value="${id}"]`).check();
      await button(page, "End selected…").click();
      await page.getByRole("heading", { name: "End 2 sessions?" }).waitFor();
      await page.getByText("told that an administrator ended the session").waitFor();
      expect((await rowOf(chosen[0] ?? ""))?.ended_at).toBeNull();
      await button(page, "End 2 sessions").click();
      await page.getByText("2 sessions were ended.").waitFor();
      for (const id of chosen) {
        expect((await rowOf(id))?.end_reason).toBe("revoked_by_admin");
        expect(await eventsOf(id)).toContain("session_revoked revoked_by_admin");
      }
      expect((await rowOf(kept ?? ""))?.ended_at).toBeNull();
      expect(
        await number("SELECT count(*) FROM events WHERE actor_id = ?", [operator.id]),
      ).toBeGreaterThanOrEqual(2);
    });

    test("TE-9: all sessions of a user end from their page, which says why and by whom", async () => {
      const person = await newUser();
      for (const start of [onFirefox, onPhone]) await start(person);
      const path = `/admin/users/${person.id}`;
      const { page, operator } = await open(path, "staff", javaScriptEnabled);
      await page.getByRole("link", { name: "End all 2 sessions…" }).click();
      await button(page, "End 2 sessions").click();
      await page.waitForURL((url) => url.pathname === path);
      await page.getByText("Not signed in anywhere").waitFor();
      const why = page.getByRole("region", { name: "Why sessions ended" });
      await why.getByText("Ended by an administrator").first().waitFor();
      expect(await why.getByRole("link", { name: operator.username }).count()).toBe(2);
    });

    test("TE-9: a page of the list has an address: it is the same after a reload, and leads back", async () => {
      const person = await newUser();
      const expiresAt = new Date(Date.now() + HOUR_MS);
      await manySessions(35, { userId: person.id, expiresAt });
      const { page } = await open(`/admin/sessions?user=${person.id}`, "staff", javaScriptEnabled);
      expect(await devices(page).count()).toBe(1 + 30);
      await page.getByRole("link", { name: "Next page" }).click();
      await page.waitForURL(/cursor=/);
      const handles = () =>
        page
          .locator("input[name=id]")
          .evaluateAll((boxes) => boxes.map((box) => box.getAttribute("value")));
      const before = await handles();
      expect(before).toHaveLength(5);
      await page.reload();
      expect(await handles()).toEqual(before);
      await page.getByRole("link", { name: "Back to the start" }).click();
      await page.waitForURL((url) => !url.search.includes("cursor"));
      expect(await devices(page).count()).toBe(1 + 30);
    });

    test("AU-10: what ends sessions asks for my password first, and leads back to the choice", async () => {
      const person = await newUser();
      const id = await onPhone(person);
      const visit = await open("/admin", "staff", javaScriptEnabled);
      await makeProofOld(visit.operator);
      await visit.page.goto(`/admin/sessions/${id}`);
      await visit.page.getByRole("link", { name: "End this session…" }).click();
      await visit.page.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await button(visit.page, "Continue").click();
      await visit.page.getByRole("heading", { name: "End this session?" }).waitFor();
      await button(visit.page, "End the session").click();
      await visit.page.getByText("One session was ended.").waitFor();
      expect((await rowOf(id))?.end_reason).toBe("revoked_by_admin");
    });
  });

  test("AU-10: a page that was opened while my proof was fresh ends nothing once it is old", async () => {
    const id = await onPhone(await newUser());
    const { page, operator } = await open(`/admin/sessions/end?id=${id}`, "staff");
    await makeProofOld(operator);
    await button(page, "End the session").click();
    await page.waitForURL((url) => url.pathname === "/reauthenticate");
    expect((await rowOf(id))?.ended_at).toBeNull();
  });

  test("TE-8: one session is shown whole: its limits, its data and what happened to it", async () => {
    const id = await onPhone(await newUser());
    const { page } = await open(`/admin/sessions/${id}`, "staff");
    for (const words of ["Safari 18 on iPhone", "2001:db8::9", "Ends at the latest", id])
      await page.getByText(words).first().waitFor();
    await page.getByRole("region", { name: "Session data" }).getByText("{}").waitFor();
    await page.getByRole("region", { name: "What happened" }).getByText("Signed in").waitFor();
  });

  test("AZ-5: no page of the console holds a hash of a secret or a password", async () => {
    const person = await newUser();
    const id = await onPhone(person);
    const hash: Buffer = (await rowOf(id))?.secret_hash;
    const { page } = await open("/admin", "admin");
    const user = `/admin/users/${person.id}`;
    for (const path of [`/admin/sessions/${id}`, user, `${user}/edit`, "/admin/sessions"]) {
      await page.goto(path);
      const content = await page.content();
      expect(content).not.toContain("gatehouse1$");
      for (const form of ["hex", "base64", "base64url"] as const)
        expect(content).not.toContain(hash.toString(form));
    }
  });

  test("WCAG 1.1.1: each chart has a name, and its numbers as a table", async () => {
    const { page } = await open("/admin", "staff");
    for (const name of ["Sign-ins by hour", "Sign-ins by day"]) {
      await page.getByRole("img", { name }).waitFor();
      const table = page.getByRole("table", { name });
      expect(await table.count()).toBe(0);
      await page
        .getByRole("figure")
        .filter({ has: page.getByRole("img", { name }) })
        .getByText("Show as a table")
        .click();
      expect(await table.getByRole("row").count()).toBeGreaterThan(24);
    }
  });
});
