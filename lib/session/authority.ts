import "server-only";
import type { Transaction } from "@/lib/db/transaction";
import type { Role } from "@/lib/roles";
import { isProofFresh } from "@/lib/session/policy";
import { effectiveSession, type Session } from "@/lib/session/session";
import type { BroughtSecret } from "@/lib/session/token";
import { lockSession } from "@/lib/session/write";
import { isAtLeast, type User } from "@/lib/users/user";
import { lockUsers } from "@/lib/users/users";

/** Who acts, by which session and which secret of it, as a guard has found them. */
export interface Actor {
  readonly session: Pick<Session, "id">;
  readonly user: Pick<User, "id">;
  readonly brought: BroughtSecret;
}

/** What an act needs of who acts; a live session alone when nothing is named. */
export interface Authority {
  readonly role?: Role;
  /** Whether a password must have been given within the last 15 minutes. */
  readonly recentProof?: boolean;
}

/** Who acts could do so when their request came, and cannot any more; `why` as a guard would say it. */
export class AuthorityLost extends Error {
  override readonly name = "AuthorityLost";

  constructor(readonly why: "signed_out" | "not_allowed" | "secret_replaced" | "proof_needed") {
    super(`the authority to act was gone when it was to be used: ${why}`);
  }
}

/**
 * Judges who acts once more, inside the transaction that changes something and before it does, and
 * holds their rows until its end: a request that was held open must not outlive a disabling, a
 * demotion, a sign-out or a revoke (ASVS 8.3.2). Nor may it go on by a secret that was replaced
 * meanwhile: a copied cookie would share the proof by which its owner got the present one. What is
 * changed after a new secret in the same request asks `currentSession` for its actor again. The user
 * as they are now. Throws AuthorityLost, by which everything is rolled back. `now` is when it is
 * used, not when the request came.
 */
export async function judgeActor(
  transaction: Transaction,
  actor: Actor,
  { role = "member", recentProof = false }: Authority,
  now: Date,
): Promise<User> {
  // Users before sessions, as a sign-in and a change of a user take them.
  const [user] = await lockUsers(transaction, [actor.user.id]);
  const held = await lockSession(transaction, actor.session.id);
  if (user?.status !== "active" || held?.session.userId !== user.id)
    throw new AuthorityLost("signed_out");
  const { session, secretHash } = held;
  if (effectiveSession(session, user, now).endedAt) throw new AuthorityLost("signed_out");
  if (!isAtLeast(user.role, role)) throw new AuthorityLost("not_allowed");
  if (!actor.brought.fits(secretHash)) throw new AuthorityLost("secret_replaced");
  if (recentProof && !isProofFresh(session, now)) throw new AuthorityLost("proof_needed");
  return user;
}
