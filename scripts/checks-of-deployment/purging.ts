import { countEventsPastRetention } from "@/lib/events/purge";
import { countEnded } from "@/lib/session/stats";
import { type Check, unless } from "./check";

// Instances purge every few minutes; what has waited for so long nobody purges.
const HOUR_MS = 3_600_000;
const FIX = "npm run manage -- sessions purge, and see that the app runs: it purges by itself";

export const PURGE_CHECKS: readonly Check[] = [
  {
    id: "purge",
    title: "the purge of sessions is not behind",
    run: async ({ now }) => {
      const { runOut, pastRetention } = await countEnded(new Date(now.getTime() - HOUR_MS));
      return unless(
        runOut + pastRetention === 0,
        "up to date",
        `${runOut} sessions ran out more than an hour ago and are not noted; ${pastRetention} are past retention`,
        FIX,
      );
    },
  },
  {
    id: "event-purge",
    title: "the purge of events is not behind",
    run: async ({ now }) => {
      const waiting = await countEventsPastRetention(new Date(now.getTime() - HOUR_MS));
      return unless(waiting === 0, "up to date", `${waiting} events are past retention`, FIX);
    },
  },
];
