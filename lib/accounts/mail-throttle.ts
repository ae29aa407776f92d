import "server-only";
import { typedAccount } from "@/lib/auth/closed-accounts";
import { type Counter, takeTry } from "@/lib/auth/throttle-counters";
import { addressBlocks, type Device } from "@/lib/device";
import { isRefused, type Refused } from "@/lib/refused";

const WINDOW_SECONDS = 900;
const MOST_OF_A_NETWORK = 100;
const MOST_OF_AN_ACCOUNT = 3;
const MOST_TO_AN_ADDRESS = 10;

/** Too many mails were asked for, from this network or for this account. */
export type TooManyMails = Refused<"too_many_mails">;

interface OfAccount {
  readonly userId: number;
  /** Each is counted by itself, so that none uses up another's. */
  readonly what: "reset" | "verification";
}

/** An address that somebody typed, of which nobody knows yet whose it is. */
interface OfAddress {
  readonly email: string;
}

/**
 * Counts a mail that somebody asks for, by their network (100 in 15 minutes), by the account that it
 * is about (3 of a kind) or by the address that was typed (10, whoever types it): of many at once exactly as many as are left are sent. False where there
 * are none.
 */
export async function takeMailTry(
  of: { readonly device: Device } | OfAccount | OfAddress,
  now: Date,
): Promise<boolean> {
  return !isRefused(await takeTry({ open: countersOf(of) }, now));
}

function countersOf(of: { readonly device: Device } | OfAccount | OfAddress): Counter[] {
  if ("device" in of) return networkCounters(of.device);
  return ["email" in of ? addressCounter(of) : accountCounter(of)];
}

function networkCounters({ ipAddress }: Device): Counter[] {
  return addressBlocks(ipAddress).map((block, larger) => ({
    name: "mail_address",
    key: `mail-address:${block}`,
    // A larger block may be that of more people.
    limit: MOST_OF_A_NETWORK * 2 ** larger,
    seconds: WINDOW_SECONDS,
  }));
}

function accountCounter({ userId, what }: OfAccount): Counter {
  const key = `mail:${what} of user ${userId}`;
  return { name: "mail", key, limit: MOST_OF_AN_ACCOUNT, seconds: WINDOW_SECONDS };
}

function addressCounter({ email }: OfAddress): Counter {
  const key = `mail:to ${typedAccount(email)}`;
  return { name: "mail", key, limit: MOST_TO_AN_ADDRESS, seconds: WINDOW_SECONDS };
}
