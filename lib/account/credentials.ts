import "server-only";
import { verifyPassword } from "@/lib/account/password";
import { LONGEST_PASSWORD, passwordLength } from "@/lib/account/password-length";
import { type Client, type HowToCheck, tryPassword } from "@/lib/account/password-try";
import { isPasswordOver } from "@/lib/account/temporary-password";
import { upgradeHash } from "@/lib/account/upgrade-hash";
import type { User } from "@/lib/account/user";
import { findByIdentifier } from "@/lib/account/users";

/** What somebody gave to be let in. */
export interface Credentials {
  /** A user name or an e-mail. */
  readonly identifier: string;
  readonly password: string;
}

/** A user whose password has just been checked, and the hash of it that is in their row. */
export interface Verified {
  readonly user: User;
  readonly passwordHash: string;
}

/**
 * The user whom the credentials belong to. Null for every other case: unknown, wrong, run out and
 * disabled cost the same work and look the same (ASVS 6.3.8); the log alone tells them apart. Throws
 * Throttled and HashingBusy.
 */
export async function checkCredentials(
  { identifier, password }: Credentials,
  client: Client,
  now: Date,
): Promise<Verified | null> {
  const found = await findByIdentifier(identifier);
  const account = found && { ...found.user, knownBrowsersSince: found.knownBrowsersSince };
  const check = async (how: HowToCheck) => {
    const cause = await faultOf(found, password, how, now);
    return found && cause === null ? { fits: found } : { cause: cause ?? "unknown" };
  };
  const verified = await tryPassword({ typed: identifier, account, client }, check, now);
  return (
    verified && {
      user: verified.user,
      passwordHash: await upgradeHash(verified, password),
    }
  );
}

/** Why these credentials let nobody in; null when they do. The same work for each cause. */
async function faultOf(
  found: Verified | null,
  password: string,
  { isLookedAt, isKnown }: HowToCheck,
  now: Date,
): Promise<string | null> {
  const isTooLong = passwordLength(password) > LONGEST_PASSWORD;
  const fits = await verifyPassword(
    isTooLong ? "" : password,
    found && isLookedAt && !isTooLong ? found.passwordHash : null,
    isKnown ? "known" : "stranger",
  );
  if (!found) return "unknown";
  if (!fits) return "wrong_password";
  if (isPasswordOver(found.user, now)) return "temporary_password_over";
  return found.user.status === "active" ? null : "disabled";
}
