import { beforeEach, expect, it } from "vitest";
import { closeOwnAccount, eraseClosedAccounts, keepAccount } from "@/lib/accounts/close-account";
import { isRefused } from "@/lib/refused";
import { mailedTokenTo, mailsTo } from "../../support/mailbox";
import { DEVICE, rowOf, type SignedIn, signedIn } from "../../support/signed-in";
import { change, rows } from "../../support/sql";

const WEEK_MS = 7 * 86_400_000;

let ana: SignedIn;
beforeEach(async () => {
  ana = await signedIn();
});

const userRow = async ({ user }: SignedIn) =>
  (await rows("SELECT * FROM users WHERE id = ?", [user.id]))[0];
const eraseEverybodyDue = async (now: Date) => {
  while ((await eraseClosedAccounts(now)) > 0);
};

it("LG-5: an account that its owner closes ends every session, and is erased after 7 days", async () => {
  const other = await signedIn({ user: ana.user });
  const now = new Date();
  expect(await closeOwnAccount(ana, DEVICE, now)).toBeNull();
  for (const { session } of [ana, other])
    expect(await rowOf(session.id)).toMatchObject({ end_reason: "account_closed" });
  const due = new Date(now.getTime() + WEEK_MS);
  expect(await userRow(ana)).toMatchObject({ erase_at: due });
  await eraseEverybodyDue(new Date(due.getTime() - 1));
  expect(await userRow(ana)).toBeDefined();
  await eraseEverybodyDue(due);
  expect(await userRow(ana)).toBeUndefined();
  expect(await mailsTo(ana.user.email)).toEqual([]);
});

it("RS-1: the mail's link keeps it, once; then nothing erases it", async () => {
  const now = new Date();
  await closeOwnAccount(ana, DEVICE, now);
  const token = await mailedTokenTo(ana.user.email, "account_closing");
  expect(isRefused(await keepAccount(token, DEVICE, new Date()))).toBe(false);
  expect(await userRow(ana)).toMatchObject({ erase_at: null });
  await eraseEverybodyDue(new Date(now.getTime() + WEEK_MS + 1000));
  expect(await userRow(ana)).toBeDefined();
  expect(await keepAccount(token, DEVICE, new Date())).toEqual({ refused: "link_over" });
});

it("AZ-10: the last administrator cannot leave", async () => {
  await change("UPDATE users SET role = 'member' WHERE role = 'admin'");
  const admin = await signedIn({ role: "admin" });
  expect(await closeOwnAccount(admin, DEVICE, new Date())).toMatchObject({
    refused: "last_administrator",
  });
  expect(await userRow(admin)).toMatchObject({ erase_at: null });
  expect(await rowOf(admin.session.id)).toMatchObject({ ended_at: null });
});

it("AZ-10: nor is one erased who has become the last since they left", async () => {
  await change("UPDATE users SET role = 'member' WHERE role = 'admin'");
  const [one, two] = [await signedIn({ role: "admin" }), await signedIn({ role: "admin" })];
  const now = new Date();
  expect(await closeOwnAccount(one, DEVICE, now)).toBeNull();
  await change("UPDATE users SET role = 'member' WHERE id = ?", [two.user.id]);
  await eraseEverybodyDue(new Date(now.getTime() + WEEK_MS));
  expect(await userRow(one)).toBeDefined();
});

it("TE-13: nothing is closed without a fresh proof", async () => {
  await change(
    "UPDATE sessions SET authenticated_at = authenticated_at - INTERVAL 16 MINUTE WHERE user_id = ?",
    [ana.user.id],
  );
  await expect(closeOwnAccount(ana, DEVICE, new Date())).rejects.toMatchObject({
    name: "AuthorityLost",
  });
  expect(await userRow(ana)).toMatchObject({ erase_at: null });
});
