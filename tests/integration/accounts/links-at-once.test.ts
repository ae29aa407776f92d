import { beforeEach, expect, it } from "vitest";
import { keepAccount } from "@/lib/accounts/close-account";
import { verifyEmail } from "@/lib/accounts/email-address";
import { takeEmailBack } from "@/lib/accounts/former-address";
import { reportSession } from "@/lib/accounts/not-me";
import type { TokenPurpose } from "@/lib/db/mail-schema";
import { inTransaction } from "@/lib/db/transaction";
import type { NewEvent } from "@/lib/events/event";
import { issueToken } from "@/lib/mail/one-time-tokens";
import { isRefused } from "@/lib/refused";
import { newUser, type TestUser } from "@/tests/helpers/people";
import { DEVICE } from "../../support/signed-in";
import { change, number } from "../../support/sql";

let ana: TestUser;
beforeEach(async () => {
  ana = await newUser();
});

type Use = typeof verifyEmail | typeof takeEmailBack | typeof reportSession | typeof keepAccount;
interface Case {
  readonly purpose: TokenPurpose;
  readonly use: Use;
  readonly event: NewEvent["type"];
  /** Where the address that the link went to is not the account's (any more). */
  readonly isElsewhere?: boolean;
}

const CASES: Case[] = [
  { purpose: "email_verification", use: verifyEmail, event: "email_verified" },
  { purpose: "email_verification", use: verifyEmail, event: "email_changed", isElsewhere: true },
  { purpose: "take_back", use: takeEmailBack, event: "email_changed", isElsewhere: true },
  { purpose: "not_me", use: reportSession, event: "session_reported" },
  { purpose: "account_return", use: keepAccount, event: "user_updated" },
];

it.each(CASES)(
  "ML-3: of 50 parallel posts of a link for $purpose one does its work ($event)",
  async ({ purpose, use, event, isElsewhere }) => {
    const { id: userId } = ana;
    await change("UPDATE users SET erase_at = NOW(3) + INTERVAL 7 DAY WHERE id = ?", [userId]);
    const email = isElsewhere ? `other.${ana.email}` : ana.email;
    const of = { purpose, userId, email };
    const token = await inTransaction((transaction) => issueToken(transaction, of, new Date()));
    const uses = Array.from({ length: 50 }, () => use(token.value, DEVICE, new Date()));
    const done = (await Promise.all(uses)).filter((used) => !isRefused(used));
    expect(done).toHaveLength(1);
    const told = "SELECT COUNT(*) FROM events WHERE user_id = ? AND type = ?";
    expect(await number(told, [userId, event])).toBe(1);
  },
);
