import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { db } from "@/lib/db/connection";
import { inTransaction } from "@/lib/db/transaction";
import { newUser, type TestUser } from "@/tests/helpers/people";
import { headerOf, type MailServer, startMailServer } from "../../support/mail-server";
import { change, rows } from "../../support/sql";
import { underSettings } from "../../support/under-settings";

let server: MailServer;
beforeAll(async () => {
  server = await startMailServer();
});
afterAll(() => server.stop());

let ana: TestUser;
beforeEach(async () => {
  ana = await newUser();
  await change("DELETE FROM outbox");
});

const NOW = new Date("2026-11-25T12:00:00.000Z");
const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);

/** The mail room of a process that sends by this server, or by another URL. */
async function room(url = server.url) {
  const settings = { SMTP_URL: url, MAIL_FROM: "no-reply@example.com", APP_NAME: "Acme" };
  const parts = await underSettings(settings, async () => ({
    ...(await import("@/lib/mail/outbox")),
    ...(await import("@/lib/mail/list")),
    ...(await import("@/lib/mail/sender")),
    ...(await import("@/lib/mail/one-time-tokens")),
    ...(await import("@/lib/db/transaction")),
  }));
  return parts;
}

type Room = Awaited<ReturnType<typeof room>>;

async function promised(
  at: Room,
  kind: "password_changed" | "password_reset" = "password_changed",
) {
  const { id: userId, email } = ana;
  const token = await at.inTransaction(async (transaction) => {
    const isLinked = kind === "password_reset";
    const made = isLinked
      ? await at.issueToken(transaction, { purpose: kind, userId, email }, NOW)
      : undefined;
    await at.queueMail(
      transaction,
      { kind, userId, recipient: email, ...(made ? { token: made } : {}) },
      NOW,
    );
    return made;
  });
  return token?.value;
}

const sentTo = (email: string) => server.received.filter(({ to }) => to.includes(email));
const outboxOf = async ({ id }: TestUser) =>
  (await rows("SELECT * FROM outbox WHERE user_id = ?", [id]))[0];

describe("the outbox", () => {
  it("sends what was promised, once", async () => {
    const at = await room();
    await promised(at);
    expect(await at.sendDueMail(NOW)).toBe(1);
    expect(await at.sendDueMail(later(60))).toBe(0);
    const [mail, ...more] = sentTo(ana.email);
    expect(more).toEqual([]);
    expect(headerOf(mail?.raw ?? "", "Subject")).toBe("Your Acme password was changed");
    expect(headerOf(mail?.raw ?? "", "From")).toBe("Acme <no-reply@example.com>");
    expect(headerOf(mail?.raw ?? "", "Auto-Submitted")).toBe("auto-generated");
    expect(await outboxOf(ana)).toMatchObject({ attempts: 1, sent_at: NOW, next_attempt_at: null });
  });

  it("promises nothing where what it tells of is rolled back", async () => {
    const at = await room();
    const { id: userId, email } = ana;
    await at
      .inTransaction(async (transaction) => {
        await at.queueMail(
          transaction,
          { kind: "password_changed", userId, recipient: email },
          NOW,
        );
        throw new Error("the change failed");
      })
      .catch(() => undefined);
    expect(await outboxOf(ana)).toBeUndefined();
  });

  it("ML-9: sends nothing to who was erased", async () => {
    const at = await room();
    await promised(at);
    await change("DELETE FROM users WHERE id = ?", [ana.id]);
    expect(await at.sendDueMail(NOW)).toBe(0);
    expect(sentTo(ana.email)).toEqual([]);
  });

  it("ML-2: tries again after 5 s, 30 s, 2 min where the server says later", async () => {
    const at = await room();
    await promised(at);
    server.refusing.set(ana.email, 451);
    expect(await at.sendDueMail(NOW)).toBe(0);
    expect(await outboxOf(ana)).toMatchObject({ next_attempt_at: later(5), failed_at: null });
    expect(await at.sendDueMail(later(4.9))).toBe(0);
    expect(await outboxOf(ana)).toMatchObject({ attempts: 1 });
    await at.sendDueMail(later(5));
    expect(await outboxOf(ana)).toMatchObject({ attempts: 2, next_attempt_at: later(35) });
    await at.sendDueMail(later(35));
    expect(await outboxOf(ana)).toMatchObject({ attempts: 3, next_attempt_at: later(155) });
    server.refusing.delete(ana.email);
    expect(await at.sendDueMail(later(155))).toBe(1);
    expect(sentTo(ana.email)).toHaveLength(1);
  });

  it("ML-2: gives up where the server refuses for good, and names no address", async () => {
    const at = await room();
    await promised(at);
    server.refusing.set(ana.email, 550);
    await at.sendDueMail(NOW);
    const row = await outboxOf(ana);
    expect(row).toMatchObject({ failed_at: NOW, next_attempt_at: null });
    expect(row?.last_error).toContain("550");
    expect(row?.last_error).not.toContain(ana.email);
    expect(await at.outboxState()).toMatchObject({ waiting: 0, failed: 1 });
    server.refusing.delete(ana.email);
    expect(await at.retryMail(null, later(10))).toBe(1);
    expect(await at.sendDueMail(later(10))).toBe(1);
  });

  it("ML-2: waits where no server answers", async () => {
    const at = await room("smtp://127.0.0.1:1");
    await promised(at);
    await at.sendDueMail(NOW);
    expect(await outboxOf(ana)).toMatchObject({ next_attempt_at: later(5), failed_at: null });
  });

  it("ML-2: of one that the server took in and never answered there is a handful of copies", async () => {
    const at = await room();
    await promised(at);
    const release = server.hold();
    let now = NOW;
    for (let days = 0; days < 10; days += 1) {
      const due = (await outboxOf(ana))?.next_attempt_at;
      if (!(due instanceof Date)) break;
      now = due;
      expect(await at.sendDueMail(now, 300)).toBe(0);
    }
    release();
    const row = await outboxOf(ana);
    expect(row).toMatchObject({
      next_attempt_at: null,
      failed_at: now,
      last_error: "no answer in 0.3 s",
    });
    expect(sentTo(ana.email)).toHaveLength(6);
  });

  it("gives up what no words can be made of, however much is wrong with it", async () => {
    const at = await room();
    await promised(at);
    const wrong = {
      name: 1,
      username: 1,
      email: 1,
      device: 1,
      ipAddress: 1,
      at: 1,
      role: 1,
      left: "x",
    };
    await change("UPDATE outbox SET detail = ? WHERE user_id = ?", [JSON.stringify(wrong), ana.id]);
    await at.sendDueMail(NOW);
    expect(await outboxOf(ana)).toMatchObject({ next_attempt_at: later(5), lease_until: null });
    await at.sendDueMail(later(4 * 86_400));
    expect(await outboxOf(ana)).toMatchObject({
      next_attempt_at: null,
      failed_at: later(4 * 86_400),
    });
  });

  it("ML-1: one that a process died over is sent by another, with the same Message-ID", async () => {
    const at = await room();
    await promised(at);
    const [id = ""] = await at.findDue(NOW, 20);
    expect(await at.claimMail(id, NOW)).not.toBeNull();
    expect(await at.sendDueMail(later(59))).toBe(0);
    expect(await at.sendDueMail(later(60))).toBe(1);
    const messageId = headerOf(sentTo(ana.email)[0]?.raw ?? "", "Message-ID");
    expect(messageId).toBe(`<${id}@localhost>`);
    expect(await outboxOf(ana)).toMatchObject({ attempts: 2 });
  });

  it("ML-1: of many senders one takes a mail", async () => {
    const at = await room();
    await promised(at);
    const [id = ""] = await at.findDue(NOW, 20);
    const claims = await Promise.all(Array.from({ length: 20 }, () => at.claimMail(id, NOW)));
    expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
  });

  it("a link is in the mail, and in no table", async () => {
    const at = await room();
    const token = (await promised(at, "password_reset")) ?? "";
    expect(token).toMatch(/^[\w-]{22}$/);
    const kept = JSON.stringify([
      await rows("SELECT * FROM outbox"),
      await rows("SELECT * FROM one_time_tokens"),
    ]);
    expect(kept).not.toContain(token);
    await at.sendDueMail(NOW);
    const { raw } = sentTo(ana.email)[0] ?? { raw: "" };
    const text = raw.replace(/=\r?\n/g, "").replace(/=3D/g, "=");
    expect(text).toContain(`http://localhost:3000/reset-password?token=${token}`);
    expect(await outboxOf(ana)).toMatchObject({ sealed_token: null });
  });

  it("ML-8: what people typed becomes neither a header, nor a recipient, nor markup", async () => {
    const at = await room();
    const name = '"><img src=x>\r\nBcc: eve@example.com\r\n\r\n<script>1</script>';
    const { id: userId, email } = ana;
    const told = { kind: "invitation", userId, recipient: email } as const;
    await at.inTransaction(async (transaction) => {
      const of = { purpose: "invitation", userId, email } as const;
      const token = await at.issueToken(transaction, of, NOW);
      await at.queueMail(transaction, { ...told, detail: { name, username: name }, token }, NOW);
    });
    await at.sendDueMail(NOW);
    const [mail] = sentTo(email);
    expect(mail?.to).toEqual([email]);
    expect(headerOf(mail?.raw ?? "", "Bcc")).toBeUndefined();
    const [, html = ""] = (mail?.raw ?? "").split(/^Content-Type: text\/html.*$/im);
    expect(html.replace(/=\r?\n/g, "")).toContain("&lt;img src=3Dx&gt;");
    expect(html).not.toMatch(/<(img|script)/);
  });

  it.each([
    "a@example.com,eve@example.com",
    "a@example.com\r\nBcc: eve@example.com",
    "Eve <eve@x.org>",
  ])("ML-8: an address %j is one recipient or none", async (recipient) => {
    const at = await room();
    await at.queueMail(db(), { kind: "sign_up_known", userId: ana.id, recipient }, NOW);
    await at.sendDueMail(NOW);
    expect(server.received.filter(({ to }) => to.includes("eve@example.com"))).toEqual([]);
    expect(server.received.filter(({ to }) => to.includes("eve@x.org"))).toEqual([]);
  });

  it("gives up a mail whose link is over before it was sent", async () => {
    const at = await room();
    await promised(at, "password_reset");
    await at.sendDueMail(later(20 * 60));
    expect(await outboxOf(ana)).toMatchObject({ last_error: "its link is over" });
    expect(sentTo(ana.email)).toEqual([]);
  });
});

describe("as it comes", () => {
  it("a mail leaves within two seconds of its commit", async () => {
    const at = await room();
    const stop = at.sendMailAsItComes();
    try {
      const { id: userId, email } = ana;
      const now = new Date();
      await at.inTransaction((transaction) =>
        at.queueMail(transaction, { kind: "password_changed", userId, recipient: email }, now),
      );
      await vi.waitFor(() => expect(sentTo(email)).toHaveLength(1), {
        timeout: 2000,
        interval: 20,
      });
    } finally {
      stop();
    }
  });
});

it("nothing is promised where no mail leaves", async () => {
  const at = await underSettings(
    { APP_URL: "https://app.example.com", HOST: "0.0.0.0" },
    async () => await import("@/lib/mail/outbox"),
  );
  expect(at.mailWay()).toBe("none");
  const { id: userId, email } = ana;
  await inTransaction((transaction) =>
    at.queueMail(transaction, { kind: "password_changed", userId, recipient: email }, NOW),
  );
  expect(await outboxOf(ana)).toBeUndefined();
});
