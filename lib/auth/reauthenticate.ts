import "server-only";
import { isPasswordOver, verifyPassword } from "@/lib/auth/password";
import { type Client, tryPassword, wrongBecause } from "@/lib/auth/password-attempt";
import type { Busy } from "@/lib/auth/password-threads";
import type { Wrong } from "@/lib/auth/throttle";
import type { Throttled } from "@/lib/auth/throttle-counters";
import { inTransaction, type Transaction } from "@/lib/db/transaction";
import { recordEvents } from "@/lib/events/record";
import { isRefused } from "@/lib/refused";
import { type Actor, AuthorityLost, judgeActor } from "@/lib/session/authority";
import type { Token } from "@/lib/session/cookie";
import { rotateSession } from "@/lib/session/lifecycle";
import type { Session } from "@/lib/session/session";
import type { User } from "@/lib/users/user";
import { findCredentials, findPasswordHash } from "@/lib/users/users";

/** Somebody signed in, who proves once more that it is them. */
export interface Proof extends Actor {
  readonly session: Session;
  readonly user: User;
  readonly password: string;
  readonly client: Client;
}

/**
 * Takes a fresh proof of a signed-in user: the session gets a new secret and a new
 * `authenticatedAt`. Throws AuthorityLost when the session has ended or got a new secret, the user
 * been disabled or the password been changed meanwhile.
 */
export async function reauthenticate(
  proof: Proof,
  now: Date,
): Promise<Token | Wrong | Throttled | Busy> {
  const proven = await provenHash(proof, now);
  if (isRefused(proven)) return proven;
  const { session, user, client } = proof;
  return inTransaction(async (transaction) => {
    await judgeProof(transaction, proof, proven, now);
    const token = await rotateSession(transaction, proof, now, { authenticatedAt: now });
    if (!token) throw new AuthorityLost("signed_out");
    const sessionId = session.id;
    const event = {
      type: "reauthenticated",
      at: now,
      userId: user.id,
      sessionId,
      device: client.device,
    } as const;
    await recordEvents(transaction, [event]);
    return token;
  });
}

/**
 * Judges a proof once more on held rows. The session stays when its user changes the password there:
 * without this, whoever knows the old one and has a copy of the cookie could be a moment late and
 * take the account over. Throws AuthorityLost.
 */
export async function judgeProof(
  transaction: Transaction,
  proof: Proof,
  proven: string,
  now: Date,
) {
  const { id } = await judgeActor(transaction, proof, {}, now);
  if ((await findPasswordHash(id, transaction)) !== proven) throw new AuthorityLost("signed_out");
}

/**
 * The hash that the password of a proof fits. Tries count like those of the sign-in page: whoever
 * holds a stolen session guesses no faster.
 */
export async function provenHash(
  proof: Proof,
  now: Date,
): Promise<string | Wrong | Throttled | Busy> {
  const { session, user, password, client } = proof;
  const stored = await findCredentials(user.id);
  const account = { ...user, knownBrowsersSince: stored?.knownBrowsersSince ?? null };
  const attempt = { typed: null, account, sessionId: session.id, client };
  const check = async () => {
    const passwordHash = stored?.passwordHash ?? null;
    const verdict = await verifyPassword(password, passwordHash, "known");
    if (isRefused(verdict)) return verdict;
    if (!verdict.fits || passwordHash === null) return wrongBecause("wrong_password");
    return isPasswordOver(user, now)
      ? wrongBecause("temporary_password_over")
      : { right: passwordHash };
  };
  const result = await tryPassword(attempt, check, now);
  return isRefused(result) ? result : result.right;
}
