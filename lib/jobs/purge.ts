import "server-only";
import { purgeCounts } from "@/lib/auth/throttle-counters";
import { isDatabaseUnavailable } from "@/lib/db/errors";
import { asLeader } from "@/lib/db/leader";
import { purgeEvents } from "@/lib/events/forget";
import { log } from "@/lib/log";
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

/** Removes what time has ended: counts of tries, sessions and events past their retention. */
export async function purgeAll(now: Date, { tell, stop }: Options = {}): Promise<PurgedAll> {
  const until = stop ? { stop } : {};
  await purgeCounts(now);
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

const EVERY_MS = 10 * 60_000;

/**
 * Purges now and then for as long as the process runs, one process of all at a time. Gives what
 * ends it.
 */
export function purgeNowAndThen(everyMs = EVERY_MS): () => void {
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const plan = () => {
    // Jittered: instances that were started together do not all ask at once.
    if (!isOver) timer = setTimeout(turn, everyMs * (0.5 + Math.random())).unref();
  };
  const turn = () => purgeAsLeader().then(plan);
  plan();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}

async function purgeAsLeader(): Promise<void> {
  try {
    const purged = await asLeader("purge", () => purgeAll(new Date()));
    const isNews = purged && purged.expired + purged.removed + purged.events > 0;
    if (isNews) log().info(purged, "purged sessions and events");
  } catch (error) {
    // The next turn tries again; an outage is reported by every request already.
    if (!isDatabaseUnavailable(error)) log().error({ err: error }, "could not purge sessions");
  }
}
