import { beforeAll, expect, test } from "vitest";
import type { TokenPurpose } from "@/lib/db/mail-schema";
import { inTransaction } from "@/lib/db/transaction";
import { issueToken } from "@/lib/mail/one-time-tokens";
import { newUser, type TestUser } from "@/tests/helpers/people";
import { FROM_HERE, postJson } from "@/tests/support/asking";
import { mailsTo } from "@/tests/support/mailbox";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";
import { sumsOfAllTables } from "@/tests/support/sql";
import { newVisitor } from "@/tests/support/visitor";

let app: SharedApp;
beforeAll(async () => {
  // Its mails stay in the table: nothing but what the tests ask changes a row.
  app = await sharedApp({
    SIGN_UP: "open",
    SMTP_URL: "smtp://127.0.0.1:1",
    MAIL_FROM: "a@b.example",
  });
});

async function linkOf({ id: userId, email }: TestUser, path: string, purpose: TokenPurpose) {
  const of = { purpose, userId, email };
  const { value } = await inTransaction((transaction) => issueToken(transaction, of, new Date()));
  return `${path}?token=${value}`;
}

const LINKS: [path: string, purpose: TokenPurpose][] = [
  ["/reset-password", "password_reset"],
  ["/verify-email", "email_verification"],
  ["/invitation", "invitation"],
  ["/not-me", "not_me"],
  ["/take-back", "take_back"],
  ["/take-back", "account_return"],
];

test.each(LINKS)(
  "ML-4: to open %s for %s changes no row, by GET or HEAD",
  async (path, purpose) => {
    const link = await linkOf(await newUser(), path, purpose);
    const before = await sumsOfAllTables();
    for (const method of ["GET", "HEAD"]) {
      const scanner = newVisitor(app);
      const first = await scanner.ask(link, { method });
      expect([first.status, first.header("location")]).toEqual([303, path]);
      const page = await scanner.ask(path, { method });
      expect(page.status).toBe(200);
      if (method === "GET") expect(page.text).not.toContain("no longer works");
    }
    expect(await sumsOfAllTables()).toEqual(before);
  },
);

const HOSTS = [{ Host: "evil.example" }, { "X-Forwarded-Host": "evil.example" }];
const everywhere = { Forwarded: "host=evil.example", "X-Original-Host": "evil.example" };

test.each(HOSTS)("ML-7, RD-5: a client's %o lands in no mail", async (host) => {
  const headers = { ...FROM_HERE, ...everywhere, ...host };
  const user = await newUser();
  await app.request("/api/password-resets", postJson({ identifier: user.username }, headers));
  const visitor = newVisitor({
    ...app,
    request: (path, asking = {}) =>
      app.request(path, { ...asking, headers: { ...asking.headers, ...everywhere, ...host } }),
  });
  await visitor.submit("/forgot-password", "Send me a link", [["identifier", user.email]]);
  const username = `s${crypto.randomUUID().slice(0, 8)}`;
  const email = `${username}@example.com`;
  const password = "a long enough pass phrase of mine";
  await visitor.submit("/sign-up", "Sign up", [
    ["username", username],
    ["email", email],
    ["name", ""],
    ["newPassword", password],
    ["confirmPassword", password],
  ]);
  const mails = [...(await mailsTo(user.email)), ...(await mailsTo(email))];
  expect(mails.map(({ kind }) => kind).sort()).toEqual([
    "email_verification",
    "password_reset",
    "password_reset",
  ]);
  for (const { text } of mails) {
    expect(text).not.toContain("evil");
    expect(text).toContain("http://localhost:");
  }
});
