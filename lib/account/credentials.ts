import "server-only";
import { LONGEST_PASSWORD, passwordLength, verifyPassword } from "@/lib/account/password";
import type { User } from "@/lib/account/user";
import { findByIdentifier } from "@/lib/account/users";
import { db } from "@/lib/db/connection";
import { recordEvents } from "@/lib/events/append";
import type { Device } from "@/lib/events/device";

/** What somebody gave to be let in. */
export interface Credentials {
  /** A user name or an e-mail. */
  readonly identifier: string;
  readonly password: string;
}

/** A user whose password has just been checked, and the hash that it fitted. */
export interface Verified {
  readonly user: User;
  readonly passwordHash: string;
}

/**
 * The user whom the credentials belong to. Null for every other case: unknown, wrong and disabled
 * cost the same work and look the same (ASVS 6.3.8); the log alone tells them apart.
 */
export async function checkCredentials(
  { identifier, password }: Credentials,
  device: Device,
  now: Date,
): Promise<Verified | null> {
  const found = await findByIdentifier(identifier);
  const isTooLong = passwordLength(password) > LONGEST_PASSWORD;
  const fits = await verifyPassword(
    isTooLong ? "" : password,
    found && !isTooLong ? found.passwordHash : null,
  );
  if (found && fits && found.user.status === "active") return found;
  const cause = !found ? "unknown" : !fits ? "wrong_password" : "disabled";
  await recordEvents(db(), [
    {
      type: "sign_in_failed",
      at: now,
      userId: found?.user.id ?? null,
      device,
      detail: { cause },
    },
  ]);
  return null;
}
