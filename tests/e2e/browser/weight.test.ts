import { beforeAll, expect, test } from "vitest";
import { newUser, type TestUser } from "@/tests/helpers/people";
import { signInAs } from "@/tests/helpers/sessions";
import { chromiumForFile } from "@/tests/support/chromium-pages";
import { onPhone } from "@/tests/support/devices";
import { betweenFactors, giveApp } from "@/tests/support/factors";
import { makeProofOld } from "@/tests/support/people";
import { builtRoutes } from "@/tests/support/routes";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";

import { appOf } from "@/tests/support/two-builds";

const MOST_BYTES = 10 * 1024;

const chromium = chromiumForFile();
// It has the bare page.
const built = appOf("without the middleware");
let app: SharedApp;

/** The bytes of all scripts that a page loads, as they come over the line. */
async function scriptBytes(path: string): Promise<number> {
  const { context, page } = await chromium.visit(app);
  if (path === "/sign-in/second-factor") {
    const { cookie } = await betweenFactors(app);
    const [name = "", value = ""] = cookie.split("=");
    await context.addCookies([{ name, value, url: app.origin }]);
  } else if (path !== "/sign-in") {
    const proved = await signInAs({ ...user, factorsChangedAt }, { methods: ["password", "totp"] });
    await proved.addTo(context, app.origin);
  }
  const sizes: Promise<number>[] = [];
  page.on("requestfinished", (request) => {
    if (request.resourceType() !== "script") return;
    sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
  });
  // Else nobody would be asked for the password again.
  if (path === "/reauthenticate") await makeProofOld(user);
  await page.goto(filled(path));
  expect(new URL(page.url()).pathname).toBe(filled(path));
  await page.waitForLoadState("networkidle");
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

let user: TestUser;
let factorsChangedAt: Date;
let session = "";
let bare = 0;
beforeAll(async () => {
  // Where nobody can sign up there is no page to weigh.
  app = await sharedApp({ SIGN_UP: "open" }, { folder: built().folder });
  user = await newUser({ role: "admin" });
  // Some pages are for whoever has just given a second factor.
  factorsChangedAt = (await giveApp(user)).since;
  session = await onPhone(await newUser());
  bare = await scriptBytes("/bare");
});

// The ids that there are when the test runs.
const { pages } = builtRoutes((before) => (before === "users" ? "USER" : "SESSION"));
const filled = (path: string) => path.replace("USER", `${user.id}`).replace("SESSION", session);

// What leads to no page has no scripts of its own to weigh, and the browser would report its 404.
const weighed = pages.filter((path) => path !== "/admin/SESSION");

test.each(weighed)("LIGHT: %s loads at most 10 KiB more than a bare page", async (path) => {
  const bytes = (await scriptBytes(path)) - bare;
  expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
});
