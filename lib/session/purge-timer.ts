import "server-only";
import { asLeader } from "@/lib/db/leader";
import { isDatabaseUnavailable } from "@/lib/db/unavailable";
import { log } from "@/lib/log";
import { purgeAll } from "@/lib/session/purge-all";

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
