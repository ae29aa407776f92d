import "server-only";
import { byLink, writeEmail } from "@/lib/accounts/email-address";
import { voidPassword } from "@/lib/accounts/forgotten-password";
import type { Transaction } from "@/lib/db/transaction";
import type { Device } from "@/lib/device";
import type { GoodToken, LinkOver } from "@/lib/mail/one-time-tokens";
import {
  firstToldSession,
  firstWayBack,
  spendLaterWaysBack,
  type WaysBack,
} from "@/lib/mail/ways-back";
import { isRefused } from "@/lib/refused";
import type { User } from "@/lib/users/user";

/**
 * Undoes a change of address by the link that the former one got: it is the account's again, and
 * whoever changed it is out: every session ends, the password opens nothing any more, and a link to
 * set a new one is on its way.
 */
export async function takeEmailBack(
  token: string,
  device: Device,
  now: Date,
): Promise<User | LinkOver> {
  return byLink("take_back", token, now, async (transaction, user, wayBack) => {
    const owner = await giveBack(transaction, user, wayBack, device, now);
    if (isRefused(owner)) return owner;
    const sessionId = await firstSessionOf(transaction, wayBack, now);
    await voidPassword(transaction, owner, { sessionId, device }, now);
    return owner;
  });
}

// Whoever changed the address may have come in earlier, by a sign-in that its owner was told of, and
// have begun another session since.
async function firstSessionOf(
  transaction: Transaction,
  { userId, sessionId }: GoodToken,
  now: Date,
): Promise<string | null> {
  const told = await firstToldSession(transaction, userId, now);
  const [first = null] = [sessionId, told].filter((id) => id !== null).sort();
  return first;
}

// To an address that has become somebody else's since there is no way back.
async function giveBack(
  transaction: Transaction,
  user: User,
  wayBack: GoodToken,
  device: Device,
  now: Date,
): Promise<User | LinkOver> {
  const { email } = wayBack;
  const changed = await writeEmail(transaction, user, email, device, now);
  if (isRefused(changed)) return changed;
  await spendLaterWaysBack(transaction, wayBack, now);
  return { ...user, email };
}

/**
 * Gives a user the address back that they had until whoever was in changed it: `of` tells which, by the
 * address or by when they came in. A link to set a new password must not go to another. Where no way
 * back is open it stays as it is. The user as they are then.
 */
export async function withFormerEmail(
  transaction: Transaction,
  user: User,
  of: Omit<WaysBack, "userId">,
  device: Device,
  now: Date,
): Promise<User> {
  const wayBack = await firstWayBack(transaction, { ...of, userId: user.id }, now);
  if (!wayBack || wayBack.email === user.email) return user;
  const owner = await giveBack(transaction, user, wayBack, device, now);
  return isRefused(owner) ? user : owner;
}
