import { beforeAll, expect, test } from "vitest";
import { PASSWORD, type TestUser } from "@/tests/helpers/people";
import { signedInVisitor } from "@/tests/support/account-pages";
import { alertIn, fieldError, hiddenFields, multipart } from "@/tests/support/forms";
import { makeProofOld } from "@/tests/support/people";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";
import { number, rows } from "@/tests/support/sql";
import { newVisitor, type Visitor } from "@/tests/support/visitor";

let app: SharedApp;
beforeAll(async () => {
  app = await sharedApp({ THROTTLE_FAILURES: "3" });
});

const WAY = "/reauthenticate?returnTo=%2Faccount%3Ftab%3D1";
const WRONG = "That is not your password.";

async function longSignedIn() {
  const { user, visitor } = await signedInVisitor(app);
  await makeProofOld(user);
  return { user, visitor };
}

const give = (visitor: Visitor, password: string, way = WAY) =>
  visitor.submit(way, "Continue", [["password", password]]);
const proofAge = ({ id }: TestUser) =>
  number(
    "SELECT timestampdiff(SECOND, authenticated_at, utc_timestamp(3)) FROM sessions WHERE user_id = ?",
    [id],
  );

test("AU-10: a proof of the last 15 minutes leads back at once", async () => {
  const { visitor } = await signedInVisitor(app);
  const { hops, response } = await visitor.open(WAY);
  expect([hops, response.status]).toEqual([["/account?tab=1"], 200]);
});

test("AU-10: an older one is asked for anew, and says of whom", async () => {
  const { user, visitor } = await longSignedIn();
  const { status, text } = await visitor.ask(WAY);
  expect(status).toBe(200);
  for (const words of ["Confirm it is you", user.name, user.email, "Not you? Sign out"])
    expect(text).toContain(words);
});

test("AU-10: the right password leads back, is fresh, and brings a new secret", async () => {
  const { user, visitor } = await longSignedIn();
  const old = visitor.jar.get("session");
  const response = await give(visitor, PASSWORD);
  expect([response.status, response.header("location")]).toEqual([303, "/account?tab=1"]);
  expect(await proofAge(user)).toBeLessThan(60);
  expect(visitor.jar.get("session")).not.toBe(old);
  expect((await visitor.open("/account?tab=1")).hops).toEqual([]);
});

test("AU-10: a wrong one is said beside the field, and the proof stays old", async () => {
  const { user, visitor } = await longSignedIn();
  const response = await give(visitor, "not my password");
  expect([response.status, fieldError(response.text, "password")]).toEqual([200, WRONG]);
  expect(response.text).not.toContain("not my password");
  expect(await proofAge(user)).toBeGreaterThan(900);
});

test("AU-10: none at all is asked for in words", async () => {
  const { visitor } = await longSignedIn();
  const { text } = await give(visitor, "");
  expect(fieldError(text, "password")).toBe("Give your password.");
});

test("PW-6: wrong ones are counted, and too many stop the right one, too", async () => {
  const { user, visitor } = await longSignedIn();
  for (let wrong = 0; wrong < 3; wrong += 1) await give(visitor, "not my password");
  expect(alertOrField((await give(visitor, PASSWORD)).text)).toMatch(/^Too many tries\. Try again/);
  expect(await proofAge(user)).toBeGreaterThan(900);
  const failed = "SELECT id FROM events WHERE user_id = ? AND type = 'sign_in_failed'";
  expect(await rows(failed, [user.id])).toHaveLength(3);
});
const alertOrField = (html: string) => fieldError(html, "password") || alertIn(html);

test.each([
  "//elsewhere.invalid",
  "https://elsewhere.invalid/",
  "/\\elsewhere.invalid",
  "/api/session",
])("RD-1: it never leads on to %s", async (returnTo) => {
  const way = `/reauthenticate?returnTo=${encodeURIComponent(returnTo)}`;
  const fields = [
    ["password", PASSWORD],
    ["returnTo", returnTo],
  ] as const;
  for (const typed of [fields.slice(0, 1), fields]) {
    const { visitor } = await longSignedIn();
    const response = await visitor.submit(way, "Continue", typed);
    expect(response.header("location")).toBe("/dashboard");
  }
});

test("RD-2: one that leads to itself ends", async () => {
  const { visitor } = await signedInVisitor(app);
  const way = `/reauthenticate?returnTo=${encodeURIComponent("/reauthenticate?returnTo=%2Freauthenticate")}`;
  const { hops, response } = await visitor.open(way);
  expect([hops.at(-1), response.status]).toEqual(["/dashboard", 200]);
});

test("AZ-1: a stranger signs in first, which is a fresh proof, and goes on from there", async () => {
  const { hops } = await newVisitor(app).open(WAY);
  expect(hops).toEqual([`/sign-in?${new URLSearchParams({ returnTo: WAY })}`]);
});

test("CS-1: a form from another site is refused", async () => {
  const { user, visitor } = await longSignedIn();
  const hidden = hiddenFields((await visitor.ask(WAY)).text, "Continue");
  const { headers, body } = multipart([...hidden, ["password", PASSWORD]]);
  const forged = { ...headers, "Sec-Fetch-Site": "cross-site" };
  expect((await visitor.ask(WAY, { method: "POST", headers: forged, body })).status).toBe(403);
  expect(await proofAge(user)).toBeGreaterThan(900);
});
