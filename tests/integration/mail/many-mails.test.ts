import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { newUser, type TestUser } from "@/tests/helpers/people";
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

const room = () =>
  underSettings({ SMTP_URL: server.url, MAIL_FROM: "a@example.com" }, async () => ({
    ...(await import("@/lib/mail/outbox")),
    ...(await import("@/lib/mail/sender")),
    ...(await import("@/lib/db/transaction")),
  }));

type Room = Awaited<ReturnType<typeof room>>;

/** Promises so many mails in one transaction. */
async function promise(at: Room, { id: userId, email: recipient }: TestUser, mails: number) {
  await at.inTransaction(async (transaction) => {
    const mail = { kind: "password_changed", userId, recipient } as const;
    for (let n = 0; n < mails; n += 1) await at.queueMail(transaction, mail, new Date());
  });
}

it("ML-2: a server that takes its time holds up 20 mails at most, and nothing that promises one", async () => {
  const at = await room();
  const ana = await newUser();
  const release = server.hold();
  await promise(at, ana, 30);
  const stop = at.sendMailAsItComes();
  try {
    for (let n = 0; n < 10; n += 1) await promise(at, ana, 1);
    await vi.waitFor(() => expect(server.received).toHaveLength(20), PATIENCE);
    expect(await countOf(ana, "attempts = 1 AND sent_at IS NULL")).toBe(20);
    expect(await countOf(ana, "attempts = 0")).toBe(20);
    release();
    await vi.waitFor(async () => expect(await countOf(ana, "sent_at > 0")).toBe(40), PATIENCE);
    expect(server.received).toHaveLength(40);
  } finally {
    release();
    stop();
  }
});

it("many mails at once do not wait for the sender's next turns", async () => {
  const at = await room();
  const ana = await newUser();
  const stop = at.sendMailAsItComes();
  try {
    await promise(at, ana, 200);
    // Twenty each two seconds would take twenty.
    const inTime = { timeout: 10_000, interval: 50 };
    await vi.waitFor(async () => expect(await countOf(ana, "sent_at > 0")).toBe(200), inTime);
  } finally {
    stop();
  }
});
