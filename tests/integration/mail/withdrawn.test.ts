import { afterAll, beforeAll, expect, it } from "vitest";
import { newUser } from "@/tests/helpers/people";
import { type MailServer, startMailServer } from "../../support/mail-server";
import { number, rows } from "../../support/sql";
import { underSettings } from "../../support/under-settings";

let server: MailServer;
beforeAll(async () => {
  server = await startMailServer();
});
afterAll(() => server.stop());

const room = () =>
  underSettings({ SMTP_URL: server.url, MAIL_FROM: "a@example.com" }, async () => ({
    ...(await import("@/lib/auth/personal-data")),
    ...(await import("@/lib/accounts/forgotten-password")),
    ...(await import("@/lib/mail/sender")),
  }));

const DEVICE = { ipAddress: "192.0.2.7", userAgent: "" };

it("ML-9: a mail to an account that was erased is not sent, and its link opens nothing", async () => {
  const at = await room();
  const ana = await newUser();
  await at.requestPasswordReset(ana.username, DEVICE, new Date());
  const ofHers = "SELECT COUNT(*) FROM outbox WHERE recipient = ?";
  expect(await number(ofHers, [ana.email])).toBe(1);
  await at.eraseUser(ana.id, new Date());
  await at.sendDueMail(new Date());
  expect(server.received).toEqual([]);
  expect(await number(ofHers, [ana.email])).toBe(0);
  expect(await rows("SELECT * FROM one_time_tokens WHERE user_id = ?", [ana.id])).toEqual([]);
});

it("ML-9: an account that is erased while its mail is under way leaves no trace in the outbox", async () => {
  const at = await room();
  const ana = await newUser();
  await at.requestPasswordReset(ana.username, DEVICE, new Date());
  const release = server.hold();
  const sending = at.sendDueMail(new Date());
  await expect.poll(() => server.received.length).toBe(1);
  await at.eraseUser(ana.id, new Date());
  release();
  await sending;
  expect(await number("SELECT COUNT(*) FROM outbox WHERE recipient = ?", [ana.email])).toBe(0);
});
