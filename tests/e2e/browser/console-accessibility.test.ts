import type { Locator, Page } from "playwright";
import { beforeAll, expect, test } from "vitest";
import { newUser, type TestUser } from "@/tests/helpers/people";
import { signInAs } from "@/tests/helpers/sessions";
import { findings, overhangs } from "@/tests/support/accessible";
import { chromiumForFile } from "@/tests/support/chromium-pages";
import { onFirefox, onPhone } from "@/tests/support/devices";
import { closeAccount, signIn } from "@/tests/support/people";

import { appOf } from "@/tests/support/two-builds";

const chromium = chromiumForFile();
const app = appOf("with the middleware");

let admin: TestUser;
let member: TestUser;
let session: string;

beforeAll(async () => {
  admin = await newUser({ role: "admin" });
  member = await newUser();
  session = await onPhone(member);
  for (const user of [member, admin]) await onFirefox(user);
  await signIn(app(), { ...member, password: "wrong" }).catch(() => "a failed sign-in to show");
  // So that what is said of closed accounts is there to look at.
  await closeAccount(member);
});

// Filled with the ids that there are when the test runs.
const PATHS = [
  "/account/sessions",
  "/admin",
  "/admin/sessions",
  "/admin/sessions?user=nobody-has-this-name",
  "/admin/sessions/SESSION",
  "/admin/sessions/end?id=SESSION",
  "/admin/users",
  "/admin/users/USER",
  "/admin/users/USER/edit",
  "/admin/users/USER/status",
  "/admin/users/USER/open",
  "/admin/users/USER/link",
  "/admin/users/new",
  "/admin/events",
  "/admin/mail",
  "/admin/policy?idle=30m",
  "/admin/policy?idle=soon",
];

async function open(path: string): Promise<Page> {
  // A colour on its way to another has the contrast of neither.
  const { context, page } = await chromium.visit(app(), { reducedMotion: "reduce" });
  await (await signInAs(admin)).addTo(context, app().origin);
  await page.goto(path.replace("SESSION", session).replace("USER", `${member.id}`));
  for (const table of await page.getByText("Show as a table").all()) await table.click();
  return page;
}

test.each(PATHS)(
  "WCAG: %s has no findings, light and dark, and never scrolls sideways",
  async (path) => {
    const page = await open(path);
    expect(await findings(page)).toEqual([]);
    expect(await overhangs(page)).toEqual([]);
  },
);

test("WCAG 2.1.1: by keyboard alone I choose a session, and end it", async () => {
  const person = await newUser();
  await onPhone(person);
  const page = await open(`/admin/sessions?user=${person.id}`);
  await reach(page, page.getByRole("checkbox"));
  await page.keyboard.press("Space");
  await reach(page, page.getByRole("button", { name: "End selected…" }));
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "End this session?" }).waitFor();
  await reach(page, page.getByRole("button", { name: "End the session" }));
  await page.keyboard.press("Enter");
  await page.getByText("One session was ended.").waitFor();
});

const MOST_STOPS = 60;

async function reach(page: Page, target: Locator): Promise<void> {
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${MOST_STOPS} stops do not reach ${target}`);
}
