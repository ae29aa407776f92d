import "server-only";
import { type Proof, type Proven, proveAgain } from "@/lib/auth/methods";
import type { Busy } from "@/lib/auth/password-threads";
import type { Wrong } from "@/lib/auth/throttle";
import type { Throttled } from "@/lib/auth/throttle-counters";
import type { EventType } from "@/lib/db/schema";
import { inTransaction, type Transaction } from "@/lib/db/transaction";
import { recordEvents } from "@/lib/events/record";
import { isRefused } from "@/lib/refused";
import { AuthorityLost, judgeActor } from "@/lib/session/authority";
import type { Token } from "@/lib/session/cookie";
import { rotateSession } from "@/lib/session/lifecycle";
import { findPasswordHash } from "@/lib/users/users";

/**
 * Takes a fresh proof of a signed-in user: the session gets a new secret and a new
 * `authenticatedAt`. Throws AuthorityLost when the session has ended or got a new secret, the user
 * been disabled or the password been changed meanwhile.
 */
export async function reauthenticate(
  proof: Proof,
  now: Date,
): Promise<Token | Wrong | Throttled | Busy> {
  const proven = await proveAgain(proof, now);
  if (isRefused(proven)) return proven;
  return inTransaction((transaction) =>
    renewByProof(transaction, proof, proven, { type: "reauthenticated" }, now),
  );
}

/**
 * Gives the session of a proof its new secret, with the event that says what for, and holds its rows
 * until the transaction ends. The proof is judged once more on them: the session stays when its user
 * changes the password there, and whoever knows the old one and has a copy of the cookie could be a
 * moment late and take the account over. Throws AuthorityLost.
 */
export async function renewByProof(
  transaction: Transaction,
  proof: Proof,
  { methods, passwordHash: proven }: Proven,
  { type, ...rotation }: { readonly type: EventType; readonly isFormerDead?: boolean },
  now: Date,
): Promise<Token> {
  const { id: userId } = await judgeActor(transaction, proof, {}, now);
  if ((await findPasswordHash(userId, transaction)) !== proven)
    throw new AuthorityLost("signed_out");
  const token = await rotateSession(transaction, proof, now, { provenBy: methods, ...rotation });
  if (!token) throw new AuthorityLost("signed_out");
  const { device } = proof.client;
  const event = { type, at: now, userId, sessionId: proof.session.id, device };
  await recordEvents(transaction, [event]);
  return token;
}
