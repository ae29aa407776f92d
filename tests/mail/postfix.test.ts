// Mails as a real mail server takes them, queues them and delivers them: Debian's Postfix.
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { newUser, type TestUser } from "@/tests/helpers/people";
import { headerOf } from "@/tests/support/mail-server";
import { type Postfix, startPostfix } from "@/tests/support/postfix";
import { rows } from "@/tests/support/sql";
import { underSettings } from "@/tests/support/under-settings";

let postfix: Postfix;
beforeAll(async () => {
  postfix = await startPostfix({ refusing: { never: 550, later: 450 } });
});
afterAll(() => postfix.stop());

const room = () =>
  underSettings(
    { SMTP_URL: postfix.url, MAIL_FROM: "no-reply@example.com", APP_NAME: "Grün & Söhne" },
    async () => ({
      ...(await import("@/lib/mail/outbox")),
      ...(await import("@/lib/mail/sender")),
      ...(await import("@/lib/mail/one-time-tokens")),
      ...(await import("@/lib/db/transaction")),
    }),
  );

async function invited({ id: userId }: TestUser, recipient: string) {
  const at = await room();
  const now = new Date();
  const detail = { name: "Zoë\r\nBcc: eve@example.com", username: "zoë" };
  await at.inTransaction(async (transaction) => {
    const of = { purpose: "invitation", userId, email: recipient } as const;
    const token = await at.issueToken(transaction, of, now);
    await at.queueMail(transaction, { kind: "invitation", userId, recipient, detail, token }, now);
  });
  await at.sendDueMail(now);
  return (await rows("SELECT * FROM outbox WHERE user_id = ?", [userId]))[0];
}

test("ML-8: a mail is delivered as it was written, over TLS, to one recipient", async () => {
  const user = await newUser();
  expect(await invited(user, user.email)).toMatchObject({ attempts: 1, failed_at: null });
  await vi.waitFor(() => expect(postfix.deliveredTo(user.email)).toHaveLength(1), 30_000);
  const [raw = ""] = postfix.deliveredTo(user.email);
  expect(headerOf(raw, "Received")).toMatch(/by mail\.example\.com \(Postfix\) with ESMTPS/);
  expect(headerOf(raw, "Message-ID")).toMatch(/^<[0-9a-f-]{36}@localhost>$/);
  expect(headerOf(raw, "Subject")).toMatch(/^=\?UTF-8\?/);
  expect(headerOf(raw, "Bcc")).toBeUndefined();
  expect(raw.match(/^Content-Type: text\/(plain|html)/gm)).toHaveLength(2);
  expect(postfix.deliveredTo("eve@example.com")).toEqual([]);
});

test("ML-2: 450 is tried again, 550 is not", async () => {
  const [passing, lasting] = [await newUser(), await newUser()];
  expect(await invited(passing, "later@example.com")).toMatchObject({
    failed_at: null,
    last_error: expect.stringContaining("450"),
  });
  expect(await invited(lasting, "never@example.com")).toMatchObject({
    next_attempt_at: null,
    last_error: expect.stringContaining("550"),
  });
});
