import "server-only";
import {
  afterAdding,
  type FactorChange,
  judgeAdding,
  judgeFactor,
  type Owner,
  writeChange,
} from "@/lib/accounts/change-factors";
import { inTransaction } from "@/lib/db/transaction";
import { factorsOf } from "@/lib/factors/factors";
import type { NewPasskey } from "@/lib/factors/passkey-json";
import {
  deletePasskey,
  insertPasskey,
  MOST_PASSKEYS,
  verifyNewPasskey,
  writePasskeyName,
} from "@/lib/factors/passkeys";
import { spendOnce } from "@/lib/mail/one-time-tokens";
import type { Refused } from "@/lib/refused";
import { type Actor, AuthorityLost, judgeActor } from "@/lib/session/authority";
import { rotateSession } from "@/lib/session/lifecycle";

/** The browser made nothing that is good here, or somebody has that passkey already. */
export type UnfitPasskey = Refused<"unfit_passkey">;
/** The account has as many as it may. */
export type TooManyPasskeys = Refused<"too_many_passkeys">;

/** A passkey that a browser has made for a challenge. */
export interface MadePasskey {
  readonly made: NewPasskey;
  readonly challenge: string;
  readonly name: string;
}

/**
 * Adds a passkey: every other session ends (`factor_changed`), this one gets a new secret, and the first
 * factor brings ten recovery codes. Needs a fresh proof, by a factor where there is one. Throws
 * AuthorityLost.
 */
export async function addPasskey(
  owner: Owner,
  { made, challenge, name }: MadePasskey,
  now: Date,
): Promise<FactorChange | UnfitPasskey | TooManyPasskeys> {
  const verified = await verifyNewPasskey(made, challenge);
  if (!verified) return { refused: "unfit_passkey" };
  return inTransaction(async (transaction) => {
    const user = await judgeAdding(transaction, owner, now);
    const { passkeys } = await factorsOf(user.id, transaction);
    if (passkeys >= MOST_PASSKEYS) return { refused: "too_many_passkeys" };
    const once = { purpose: "passkey", userId: user.id, email: "" } as const;
    const row = { userId: user.id, name, transports: made.response.transports };
    const isKept =
      (await spendOnce(transaction, once, challenge, now)) &&
      (await insertPasskey(transaction, row, verified, now));
    if (!isKept) return { refused: "unfit_passkey" };
    return afterAdding(transaction, owner, user, "passkey", now);
  });
}

/** Names one of one's own passkeys; whether there is one. Throws AuthorityLost. */
export async function renamePasskey(
  actor: Actor,
  passkey: { readonly id: string; readonly name: string },
  now: Date,
): Promise<boolean> {
  return inTransaction(async (transaction) => {
    const user = await judgeActor(transaction, actor, {}, now);
    return writePasskeyName(transaction, user.id, passkey);
  });
}

/**
 * Takes a passkey away, once a second factor was part of a fresh proof: a password alone must not do it.
 * Every other session ends, this one gets a new secret. Null where there is none. Throws AuthorityLost.
 */
export async function removePasskey(
  owner: Owner,
  id: string,
  now: Date,
): Promise<FactorChange | null> {
  return inTransaction(async (transaction) => {
    const user = await judgeActor(transaction, owner, { recentProof: true }, now);
    await judgeFactor(transaction, owner);
    if (!(await deletePasskey(transaction, user.id, id))) return null;
    const token = await rotateSession(transaction, owner, now);
    if (!token) throw new AuthorityLost("signed_out");
    const event = { type: "factor_removed", detail: { factor: "passkey" } } as const;
    await writeChange(transaction, owner, { ...event, news: "factor_removed" }, now);
    return { token, recoveryCodes: [] };
  });
}
