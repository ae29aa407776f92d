import { beforeEach, expect, it } from "vitest";
import { resetPassword } from "@/lib/accounts/forgotten-password";
import { acceptInvitation } from "@/lib/accounts/invitations";
import { dumpNewest } from "@/lib/db/inspect";
import { TOKEN_PURPOSES } from "@/lib/db/mail-schema";
import { inTransaction } from "@/lib/db/transaction";
import {
  endOpenLinks,
  findToken,
  issueToken,
  purgeTokens,
  spendToken,
} from "@/lib/mail/one-time-tokens";
import { queueMail } from "@/lib/mail/outbox";
import { isRefused } from "@/lib/refused";
import { candidatesOf } from "@/scripts/check/leak";
import { newUser, type TestUser } from "@/tests/helpers/people";
import { DEVICE } from "../../support/signed-in";
import { number } from "../../support/sql";

let ana: TestUser;
beforeEach(async () => {
  ana = await newUser();
});

const NOW = new Date("2026-11-25T12:00:00.000Z");
const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);

type Purpose = Parameters<typeof findToken>[0];
const issue = (purpose: Purpose, now = NOW) => {
  const of = { purpose, userId: ana.id, email: ana.email };
  return inTransaction((transaction) => issueToken(transaction, of, now));
};
const spend = (purpose: Purpose, value: string, now = NOW) =>
  inTransaction((transaction) => spendToken(transaction, purpose, value, now));

it("ML-3: of 50 parallel uses of a token one works", async () => {
  const { value } = await issue("password_reset");
  const uses = await Promise.all(Array.from({ length: 50 }, () => spend("password_reset", value)));
  expect(uses.filter(Boolean)).toHaveLength(1);
  expect(await findToken("password_reset", value, NOW)).toBeNull();
});

it.each(["password_reset", "invitation"] as const)(
  "ML-3: of 50 parallel posts of a link for a %s one sets its password",
  async (purpose) => {
    const { value: token } = await issue(purpose, new Date());
    const use = purpose === "invitation" ? acceptInvitation : resetPassword;
    const typed = (n: number) => ({ token, newPassword: `five words of the number ${n}` });
    const uses = Array.from({ length: 50 }, (_, n) => use(typed(n), DEVICE, new Date()));
    // Others may hear that too many passwords wait to be hashed.
    expect((await Promise.all(uses)).filter((used) => !isRefused(used))).toHaveLength(1);
  },
);

it("ML-5: nothing that a dump of all tables holds is a token, in any form", async () => {
  for (const purpose of TOKEN_PURPOSES) {
    const of = { purpose, userId: ana.id, email: ana.email };
    await inTransaction(async (transaction) => {
      const token = await issueToken(transaction, of, NOW);
      const mail = { kind: "password_reset", userId: ana.id, recipient: ana.email, token } as const;
      await queueMail(transaction, mail, NOW);
    });
  }
  const dump = (await dumpNewest(20)).flatMap(candidatesOf);
  expect(dump.some(({ source }) => source.startsWith("outbox.sealed_token"))).toBe(true);
  const tries = dump.flatMap(({ source, text }) =>
    [text, text.slice(0, 22), text.slice(-22)].map((value) => ({ source, value })),
  );
  const opened: string[] = [];
  for (const { source, value } of tries)
    for (const purpose of TOKEN_PURPOSES)
      if (await findToken(purpose, value, NOW)) opened.push(source);
  expect(opened).toEqual([]);
});

it("RS-1: a token has 128 bits, ends after 20 minutes, and opens one purpose", async () => {
  const { value } = await issue("password_reset");
  expect(Buffer.from(value, "base64url")).toHaveLength(16);
  expect(await findToken("password_reset", value, later(1199))).toMatchObject({
    userId: ana.id,
    email: ana.email,
  });
  expect(await findToken("password_reset", value, later(1200))).toBeNull();
  expect(await spend("password_reset", value, later(1200))).toBe(false);
  expect(await findToken("invitation", value, NOW)).toBeNull();
  expect(await spend("invitation", value)).toBe(false);
});

it("RS-1: a newer one ends the one before", async () => {
  const first = await issue("password_reset");
  const second = await issue("password_reset", later(1));
  expect(await findToken("password_reset", first.value, later(1))).toBeNull();
  expect(await findToken("password_reset", second.value, later(1))).not.toBeNull();
});

it("RS-1: another password ends reset, verification and invitation, not what undoes a theft", async () => {
  const links = await Promise.all(
    (["password_reset", "email_verification", "invitation", "not_me", "take_back"] as const).map(
      async (purpose) => ({ purpose, ...(await issue(purpose)) }),
    ),
  );
  await inTransaction((transaction) => endOpenLinks(transaction, ana.id, later(1)));
  const good: string[] = [];
  for (const { purpose, value } of links)
    if (await findToken(purpose, value, later(1))) good.push(purpose);
  expect(good).toEqual(["not_me", "take_back"]);
});

it("RS-3: what is no token at all is none", async () => {
  for (const value of ["", "x".repeat(22), "x".repeat(100_000), "../../etc/passwd", "é".repeat(22)])
    expect(await findToken("password_reset", value, NOW)).toBeNull();
});

it("tokens go a day after they are over", async () => {
  await issue("password_reset");
  const left = () => number("SELECT COUNT(*) FROM one_time_tokens WHERE user_id = ?", [ana.id]);
  await purgeTokens(later(1200 + 86_400));
  expect(await left()).toBe(1);
  await purgeTokens(later(1200 + 86_401));
  expect(await left()).toBe(0);
});
