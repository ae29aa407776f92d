// About which new browser somebody is asked after signing in.
import { beforeEach, expect, it } from "vitest";
import { inTransaction } from "@/lib/db/transaction";
import type { NewEvent } from "@/lib/events/event";
import { recordEvents } from "@/lib/events/record";
import { deviceToAskAbout } from "@/lib/mail/notices";
import { newUser, type TestUser } from "@/tests/helpers/people";
import { DEVICE } from "../../support/signed-in";

const BEGUN = new Date("2026-11-25T12:00:00.000Z");
const at = (minutes: number) => new Date(BEGUN.getTime() + minutes * 60_000);

let ana: TestUser;
beforeEach(async () => {
  ana = await newUser();
});

async function happened(type: NewEvent["type"], minutes: number, sessionId: string | null) {
  const event = { type, at: at(minutes), userId: ana.id, sessionId, device: DEVICE };
  await inTransaction((transaction) => recordEvents(transaction, [event]));
}

async function signIn(minutes: number, browser: "known" | "new" = "known"): Promise<string> {
  const id = crypto.randomUUID();
  await happened("sign_in", minutes, id);
  if (browser === "new") await happened("new_device", minutes, id);
  return id;
}

const askedOf = async (id: string, lastHereAt: Date | null) =>
  (await deviceToAskAbout({ id, userId: ana.id }, lastHereAt))?.sessionId;

it("AU-9: a browser asks about the new one that signed in since it did, once", async () => {
  await signIn(0);
  const theirs = await signIn(1, "new");
  expect(await askedOf(await signIn(2), at(0))).toBe(theirs);
  expect(await askedOf(await signIn(3), at(2))).toBeUndefined();
});

it("AU-9: whoever signs in again from a new browser does not keep its owner from being asked", async () => {
  await signIn(0);
  const theirs = await signIn(1, "new");
  await signIn(2);
  expect(await askedOf(await signIn(3), at(0))).toBe(theirs);
});

it("AU-9: a new browser asks about the sign-in before it", async () => {
  await signIn(0);
  const theirs = await signIn(1, "new");
  const third = await signIn(2, "new");
  expect(await askedOf(third, null)).toBe(theirs);
  expect(await askedOf(theirs, null)).toBe(third);
  await signIn(3);
  expect(await askedOf(await signIn(4, "new"), null)).toBeUndefined();
});

it.each(["session_reported", "password_reset"] as const)(
  "AU-9: nobody is asked any more after %s",
  async (type) => {
    await signIn(0);
    await signIn(1, "new");
    await happened(type, 2, null);
    expect(await askedOf(await signIn(3), at(0))).toBeUndefined();
  },
);
