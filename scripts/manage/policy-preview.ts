import type { Command } from "commander";
import { type PlannedLimits, type Preview, previewPolicy } from "@/lib/jobs/policy-preview";
import { durationSeconds, numberOrNone } from "./arguments";
import type { Connection } from "./connection";
import { printJson, printTable } from "./output";

interface Options {
  idle?: number;
  absolute?: number;
  limit?: number;
  json?: true;
}

/** `sessions policy preview` */
export function addPolicyPreview(sessions: Command, connection: Connection): void {
  sessions
    .command("policy")
    .description("how long sessions may live")
    .command("preview")
    .description("what other limits would do to the live sessions; changes nothing")
    .option("--idle <time>", "as SESSION_COOKIE_AGE: seconds, or 30m, 24h, 14d", durationSeconds)
    .option("--absolute <time>", "as SESSION_ABSOLUTE_AGE, likewise", durationSeconds)
    .option("--limit <number>", "as SESSION_LIMIT_PER_USER; 0 for none", numberOrNone)
    .action(async (options: Options, command: Command) => {
      if (Object.keys(plannedBy(options)).length === 0)
        command.error("error: give one of: --idle, --absolute, --limit");
      await connection.open();
      const roles = await previewPolicy(plannedBy(options), new Date());
      if (options.json) printJson({ roles, all: sumOf(roles) });
      else print(roles);
    });
}

function plannedBy({ idle, absolute, limit }: Options): PlannedLimits {
  return {
    ...(idle === undefined ? {} : { SESSION_COOKIE_AGE: idle }),
    ...(absolute === undefined ? {} : { SESSION_ABSOLUTE_AGE: absolute }),
    ...(limit === undefined ? {} : { SESSION_LIMIT_PER_USER: limit }),
  };
}

function sumOf(roles: readonly Preview[]): Omit<Preview, "role"> {
  const of = (field: keyof Omit<Preview, "role">) =>
    roles.reduce((sum, role) => sum + role[field], 0);
  return {
    live: of("live"),
    atOnce: of("atOnce"),
    withinDay: of("withinDay"),
    withinDayNow: of("withinDayNow"),
    aboveLimit: of("aboveLimit"),
  };
}

function print(roles: readonly Preview[]): void {
  const rows = [...roles, { role: "all", ...sumOf(roles) }].map((each) => ({
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
