import type { Command } from "commander";
import { type PurgedAll, purgeAll } from "@/lib/jobs/purge";
import type { Connection } from "./connection";
import { printJson } from "./output";
import { tellProgress } from "./progress";

/** `sessions purge` */
export function addSessionPurge(sessions: Command, connection: Connection): void {
  sessions
    .command("purge")
    .description("note ends that nobody noticed; remove sessions and events past retention")
    .option("--json", "print one JSON document")
    .action(async (options: { json?: true }) => {
      await connection.open();
      const tell = (purged: PurgedAll) => tellProgress(words(purged));
      const purged = await purgeAll(new Date(), { tell, stop: connection.stop });
      tellProgress("");
      if (options.json) printJson(purged);
      else console.log(`${words(purged)}.`);
    });
}

function words({ expired, removed, events }: PurgedAll): string {
  const sessions = `Removed ${removed} session(s); noted the end of ${expired} more`;
  return `${sessions}; removed ${events} event(s)`;
}
