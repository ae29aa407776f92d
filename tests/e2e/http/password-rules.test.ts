import { beforeAll, expect, test } from "vitest";
import { newUser, type TestUser } from "@/tests/helpers/people";
import { sendNewPassword, signedInVisitor } from "@/tests/support/account-pages";
import { postJson } from "@/tests/support/asking";
import { fieldError } from "@/tests/support/forms";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";

let app: SharedApp;
beforeAll(async () => {
  app = await sharedApp();
});

const signInStatus = async ({ username }: TestUser, password: string) =>
  (await app.request("/api/session", postJson({ identifier: username, password }))).status;

/** What the page says of a new password; empty when it was taken. */
async function faultOf(newPassword: string, user?: TestUser): Promise<string> {
  const { visitor } = await signedInVisitor(app, user);
  const response = await sendNewPassword(visitor, { newPassword });
  return response.status === 303 ? "" : fieldError(response.text, "newPassword");
}

const OWN = "do not count";
const COMMON = "tried first";
const EASY = "easy to guess";

const REFUSED: [id: string, why: string, words: string, password: string][] = [
  ["PW-1", "14 characters", "15 characters or more", "x7 kwq d9 zzpf"],
  ["PW-1", "257 characters", "256 characters or fewer", "x".repeat(257)],
  ["PW-5", "a listed one", COMMON, "1qaz2wsx3edc4rfv"],
  ["PW-5", "a listed one in capitals", COMMON, "QWERTYUIOP12345"],
  ["PW-5", "a listed one, repeated", COMMON, "passwordpassword"],
  ["PW-5", "digits in order", COMMON, "123456789012345"],
  ["PW-5", "keys in order", COMMON, "qwertyuiopasdfg"],
  ["PW-5", "the name of this product", OWN, "gatehouse gatehouse"],
  ["PW-12", "one letter again and again", EASY, "aaaaaaaaaaaaaaaa"],
  ["PW-12", "a listed one again and more", EASY, "passwordpassword1"],
  ["PW-12", "two listed ones", EASY, "iloveyou1234567"],
  ["PW-12", "blanks alone", EASY, " ".repeat(15)],
];

test.each(REFUSED)("%s: %s is refused", async (_id, _why, words, password) => {
  expect(await faultOf(password)).toContain(words);
});

test.each(["name", "username", "email"] as const)("PW-5: my own %s is refused", async (which) => {
  const user = await newUser();
  expect(await faultOf(user[which].padEnd(15, "!"), user)).toContain(OWN);
});

const TAKEN: [id: string, why: string, password: string][] = [
  ["PW-1", "15 characters", "x7 kwq d9 zzpfm"],
  ["PW-1", "256 characters", "nine bees in a paper hat, and ".repeat(9).slice(0, 256)],
  ["PW-4", "lower-case letters alone", "thursdaymorningrain"],
  ["PW-4", "digits alone", "802845097613582"],
  ["PW-4", "emoji alone", "🐝🌷🎩🧀🚲🪁🥁🪐🦔🍋🎈🧦🛶🪴🪗"],
  ["PW-5", "words of mine with enough beside them", "gatehouse and nine quiet bees"],
];

test.each(TAKEN)("%s: %s are taken", async (_id, _why, password) => {
  const user = await newUser();
  expect(await faultOf(password, user)).toBe("");
  expect(await signInStatus(user, password)).toBe(200);
});

test("PW-3: a password is taken exactly as typed: blanks and letter case count", async () => {
  const user = await newUser();
  expect(await faultOf("  Nine Bees In A Hat ", user)).toBe("");
  expect(await signInStatus(user, "Nine Bees In A Hat")).toBe(401);
  expect(await signInStatus(user, "  nine bees in a hat ")).toBe(401);
  expect(await signInStatus(user, "  Nine Bees In A Hat ")).toBe(200);
});

test("PW-3: the same letters in another normal form are the same password", async () => {
  const user = await newUser();
  expect(await faultOf("cr\u00e8me br\u00fbl\u00e9e for nine", user)).toBe("");
  expect(await signInStatus(user, "cre\u0300me bru\u0302le\u0301e for nine")).toBe(200);
  expect(await signInStatus(user, "creme brulee for nine")).toBe(401);
});
