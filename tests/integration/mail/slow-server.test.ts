import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { newUser, type TestUser } from "@/testing/people";
import { type MailServer, startMailServer } from "../../support/mail-server";
import { number } from "../../support/sql";
import { underSettings } from "../../support/under-settings";

let server: MailServer;
beforeAll(async () => {
  server = await startMailServer();
});
afterAll(() => server.stop());

const PATIENCE = { timeout: 20_000, interval: 20 };
const countOf = ({ id }: TestUser, condition: string) =>
  number(`SELECT COUNT(*) FROM outbox WHERE user_id = ? AND ${condition}`, [id]);

it("ML-2: a server that takes its time holds up 20 mails at most, and nothing that promises one", async () => {
  const at = await underSettings(
    { SMTP_URL: server.url, MAIL_FROM: "a@example.com" },
    async () => ({
      ...(await import("@/lib/mail/outbox")),
      ...(await import("@/lib/mail/sender")),
      ...(await import("@/lib/db/transaction")),
    }),
  );
  const ana = await newUser();
  const mail = { kind: "password_changed", userId: ana.id, recipient: ana.email } as const;
  const release = server.hold();
  const stop = at.sendMailAsItComes();
  try {
    for (let n = 0; n < 25; n += 1)
      await at.inTransaction((transaction) => at.queueMail(transaction, mail, new Date()));
    await vi.waitFor(() => expect(server.received).toHaveLength(20), PATIENCE);
    expect(await countOf(ana, "attempts = 1 AND sent_at IS NULL")).toBe(20);
    expect(await countOf(ana, "attempts = 0")).toBe(5);
    release();
    await vi.waitFor(async () => expect(await countOf(ana, "sent_at > 0")).toBe(25), PATIENCE);
    expect(server.received).toHaveLength(25);
  } finally {
    release();
    stop();
  }
});
