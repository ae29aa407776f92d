// Draws the pictures of the README from the app as it is: `npm run pictures`.
import { join } from "node:path";
import type { Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "@/scripts/root";
import { seedDatabase } from "@/scripts/seed/seed";
import { newUser } from "@/tests/helpers/people";
import { signInAs } from "@/tests/helpers/sessions";
import { chromiumForFile } from "@/tests/support/chromium-pages";
import { onFirefox, onPhone } from "@/tests/support/devices";
import { type OwnServer, ownServer } from "@/tests/support/own-server";
import { type RunningApp, startApp } from "@/tests/support/running-app";
import { change, idBytes } from "@/tests/support/sql";

const chromium = chromiumForFile();
const EDGE =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36";
const AMOUNTS = { users: 1200, sessions: 6000, events: 20_000 };

// A server of its own, which one picture needs frozen.
let server: OwnServer;
let app: RunningApp;
const projectUrl = process.env.DATABASE_URL;

beforeAll(async () => {
  server = await ownServer();
  process.env.DATABASE_URL = server.url;
  app = await startApp();
});

afterAll(async () => {
  await app.stop();
  await server.stop();
  process.env.DATABASE_URL = projectUrl;
});

/** A desktop on which somebody of that name is signed in, with Chrome on Linux. */
async function desktopOf(name: string, username: string, role: "member" | "admin") {
  const user = await newUser({ role });
  const email = `${username}@example.com`;
  await change("UPDATE users SET name = ?, username = ?, email = ? WHERE id = ?", [
    name,
    username,
    email,
    user.id,
  ]);
  const { page, context, expectTrouble } = await chromium.visit(app, {
    userAgent: EDGE,
    reducedMotion: "reduce",
  });
  await (await signInAs(user, { userAgent: EDGE })).addTo(context, app.origin);
  return { user, page, expectTrouble };
}

async function keep(page: Page, name: string, height: number): Promise<void> {
  await page.setViewportSize({ width: 1200, height });
  await page.screenshot({ path: join(root, "docs/pictures", `${name}.png`) });
}

test("where one is signed in, and why sessions ended", async () => {
  const { user, page } = await desktopOf("Ada Lovelace", "ada", "member");
  const at = (id: string, hours: number, ended = "") =>
    change(
      `UPDATE sessions SET created_at = created_at - INTERVAL ${hours} HOUR,
         last_activity_at = last_activity_at - INTERVAL ${hours} HOUR ${ended} WHERE id = ?`,
      [idBytes(id)],
    );
  await at(await onPhone(user), 2);
  await at(await onFirefox(user), 20);
  const ended =
    ", ended_at = UTC_TIMESTAMP(3) - INTERVAL 5 HOUR, secret_hash = NULL, end_reason = ";
  await at(await onFirefox(user), 90, `${ended}'revoked_by_admin'`);
  await at(await onPhone(user), 200, `${ended}'idle'`);
  await page.goto(`${app.origin}/account/sessions`);
  await page.getByText("Ended by an administrator").waitFor();
  await keep(page, "devices", 1130);
});

test("the console", async () => {
  const { page } = await desktopOf("Grace Hopper", "grace", "admin");
  const progress = { stop: new AbortController().signal, tell: () => {}, doing: () => {} };
  await seedDatabase(server.url, AMOUNTS, new Date(), progress);
  await page.goto(`${app.origin}/admin`);
  await page.getByText("Live sessions").first().waitFor();
  await keep(page, "console", 760);
});

test("an outage", async () => {
  const { page, expectTrouble } = await desktopOf("Alan Turing", "alan", "member");
  expectTrouble(/503/);
  process.kill(server.pid, "SIGSTOP");
  await page.goto(`${app.origin}/dashboard`);
  await page.getByText("We cannot reach our database").first().waitFor();
  await keep(page, "outage", 560);
  process.kill(server.pid, "SIGCONT");
  expect(page.url()).toContain("/unavailable");
});
