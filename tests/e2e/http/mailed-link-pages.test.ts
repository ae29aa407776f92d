// What a mail's link shows, whatever becomes of it.
import { beforeAll, expect, test } from "vitest";
import type { TokenPurpose } from "@/lib/db/mail-schema";
import { inTransaction } from "@/lib/db/transaction";
import { issueToken } from "@/lib/mail/one-time-tokens";
import { newUser } from "@/tests/helpers/people";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";
import { change } from "@/tests/support/sql";
import { newVisitor } from "@/tests/support/visitor";

let app: SharedApp;
beforeAll(async () => {
  app = await sharedApp({ SMTP_URL: "smtp://127.0.0.1:1", MAIL_FROM: "a@b.example" });
});

async function tokenFor(purpose: TokenPurpose): Promise<string> {
  const { id: userId, email } = await newUser();
  const of = { purpose, userId, email };
  return (await inTransaction((transaction) => issueToken(transaction, of, new Date()))).value;
}

async function usedToken(purpose: TokenPurpose): Promise<string> {
  const token = await tokenFor(purpose);
  await change(
    "UPDATE one_time_tokens SET used_at = NOW(3) WHERE token_hash = UNHEX(SHA2(?, 256))",
    [token],
  );
  return token;
}

/** What somebody sees who opens a link. */
async function shownAt(path: string, query: string) {
  const visitor = newVisitor(app);
  if (query) await visitor.ask(path + query);
  const response = await visitor.ask(path);
  return {
    status: response.status,
    main: /<main.*?<\/main>/s.exec(response.text)?.[0],
    policies: ["referrer-policy", "cache-control"].map((name) => response.header(name)),
  };
}

const OVER = /no longer works/;

const PAGES: [path: string, purpose: TokenPurpose, other: TokenPurpose][] = [
  ["/reset-password", "password_reset", "invitation"],
  ["/invitation", "invitation", "password_reset"],
  ["/verify-email", "email_verification", "not_me"],
  ["/not-me", "not_me", "take_back"],
  ["/take-back", "take_back", "not_me"],
];

test.each(PAGES)(
  "RS-3: %s shows one page for a link that is used, for something else or made up, and that without a link for no token",
  async (path, purpose, other) => {
    const over = await shownAt(path, `?token=${await usedToken(purpose)}`);
    expect(over.status).toBe(200);
    expect(over.main).toMatch(OVER);
    const madeUp = "A".repeat(22);
    for (const query of [
      `token=${await tokenFor(other)}`,
      `token=${madeUp}`,
      `token=${madeUp}&id=1`,
    ])
      expect(await shownAt(path, `?${query}`)).toEqual(over);
    const plain = await shownAt(path, "");
    for (const token of ["A".repeat(5000), "1"])
      expect(await shownAt(path, `?token=${token}`)).toEqual(plain);
  },
);

test.each(PAGES)(
  "RS-2: what the link to %s opens is kept nowhere, and tells no other site its address",
  async (path, purpose) => {
    const { status, main, policies } = await shownAt(path, `?token=${await tokenFor(purpose)}`);
    expect(status).toBe(200);
    expect(main).toContain("<form");
    expect(main).not.toMatch(OVER);
    expect(policies[0]).toBe("same-origin");
    expect(policies[1]).toContain("no-store");
  },
);

test("RS-4: what cannot be sent does not show", async () => {
  const visitor = newVisitor(app);
  const { username } = await newUser();
  const fields: [string, string][] = [["identifier", username]];
  const sent = await visitor.submit("/forgot-password", "Send me a link", fields);
  const { response } = await visitor.open(sent.header("location"));
  expect(response.text).toContain("on its way");
});
