import "server-only";
import { eraseClosedAccounts } from "@/lib/accounts/close-account";
import { purgeSignUps } from "@/lib/accounts/sign-up";
import { purgeCounts } from "@/lib/auth/throttle-counters";
import { nowAndThen } from "@/lib/db/leader";
import { purgeEvents } from "@/lib/events/forget";
import { purgeTrust } from "@/lib/factors/trusted-browsers";
import { log } from "@/lib/log";
import { purgeTokens } from "@/lib/mail/one-time-tokens";
import { purgeMail } from "@/lib/mail/outbox";
import { keepUpWithDjango, purgeAdopted } from "@/lib/session/adopted";
import { type Purged, type PurgeOptions, purgeSessions } from "@/lib/session/purge";

/** What a purge of everything has done so far. */
export interface PurgedAll extends Purged {
  /** Events older than `EVENT_RETENTION_DAYS`: gone. */
  readonly events: number;
}

interface Options extends Pick<PurgeOptions, "stop"> {
  /** Hears of each batch. */
  readonly tell?: (purged: PurgedAll) => void;
}

/**
 * Removes what time has ended: counts of tries, links, mails, trust in browsers, sign-ups that nobody confirmed, accounts
 * that their owners have closed, sessions and events past their retention.
 */
export async function purgeAll(now: Date, { tell, stop }: Options = {}): Promise<PurgedAll> {
  const until = stop ? { stop } : {};
  await purgeCounts(now);
  const batches = [
    purgeTokens,
    purgeMail,
    purgeTrust,
    purgeAdopted,
    purgeSignUps,
    eraseClosedAccounts,
  ];
  await keepUpWithDjango(now);
  for (const each of batches) await untilDone(each, now, stop);
  const sessions = await purgeSessions(now, {
    ...until,
    tell: (purged) => tell?.({ ...purged, events: 0 }),
  });
  const events = await purgeEvents(now, {
    ...until,
    tell: (removed) => tell?.({ ...sessions, events: removed }),
  });
  return { ...sessions, events };
}

// Batch by batch, until one has nothing more to do.
async function untilDone(
  batch: (now: Date) => Promise<number>,
  now: Date,
  stop: AbortSignal | undefined,
): Promise<void> {
  let done = 1;
  while (done > 0 && !stop?.aborted) done = await batch(now);
}

/** Purges now and then for as long as the process runs. Gives what ends it. */
export function purgeNowAndThen(everyMs?: number): () => void {
  return nowAndThen("purge", purgeAndTell, everyMs === undefined ? {} : { everyMs });
}

async function purgeAndTell(now: Date): Promise<void> {
  const purged = await purgeAll(now);
  if (purged.expired + purged.removed + purged.events > 0)
    log().info(purged, "purged sessions and events");
}
