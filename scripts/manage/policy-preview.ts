import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { allOf, type Preview, previewPolicy } from "@/lib/jobs/policy-preview";
import { durationSeconds, numberOrNone } from "./arguments";
import type { Connection } from "./connection";
import { printTable } from "./output";

/** `sessions policy preview` */
export function addPolicyPreview(sessions: CommandUnknownOpts, connection: Connection): void {
  sessions
    .command("policy")
    .description("how long sessions may live")
    .command("preview")
    .description("what other limits would do to the live sessions; changes nothing")
    .option("--idle <time>", "as SESSION_COOKIE_AGE: seconds, or 30m, 24h, 14d", durationSeconds)
    .option("--absolute <time>", "as SESSION_ABSOLUTE_AGE, likewise", durationSeconds)
    .option("--limit <number>", "as SESSION_LIMIT_PER_USER; 0 for none", numberOrNone)
    .hook("preAction", (verb) => {
      const { idle, absolute, limit } = verb.opts();
      if ([idle, absolute, limit].every((planned) => planned === undefined))
        verb.error("error: give one of: --idle, --absolute, --limit");
    })
    .action(
      connection.does(async ({ idle, absolute, limit }) => {
        const planned = {
          ...(idle === undefined ? {} : { SESSION_COOKIE_AGE: idle }),
          ...(absolute === undefined ? {} : { SESSION_ABSOLUTE_AGE: absolute }),
          ...(limit === undefined ? {} : { SESSION_LIMIT_PER_USER: limit }),
        };
        const { roles } = await previewPolicy(planned, new Date());
        return { json: { roles, all: allOf(roles) }, words: () => print(roles) };
      }),
    );
}

function print(roles: readonly Preview[]): void {
  const rows = [...roles, { role: "all", ...allOf(roles) }].map((each) => ({
    role: each.role,
    live: each.live,
    "end at once": each.atOnce,
    "within a day": each.withinDay,
    "within a day as it is": each.withinDayNow,
    "above the limit": each.aboveLimit,
  }));
  printTable(rows, "");
  console.log("\nNothing was changed. Those above the limit end when their user signs in again.");
}
