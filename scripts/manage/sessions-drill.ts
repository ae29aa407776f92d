import type { Command } from "commander";
import { dumpNewest } from "@/lib/db/inspect";
import { settings } from "@/lib/env";
import { formerCookieNames, sessionCookieName } from "@/lib/session/cookie";
import { drillLeak, type LeakReport } from "../check/leak";
import { Problem, tellProgress } from "../program";
import { originArgument, wholeNumber } from "./arguments";
import type { Connection } from "./connection";
import { printJson } from "./output";

interface Options {
  url?: string;
  limit: number;
  json?: true;
}

/** `sessions drill leak` */
export function addSessionDrill(sessions: Command, connection: Connection): void {
  sessions
    .command("drill")
    .description("prove by trying that what must not be possible is not")
    .command("leak")
    .description("try every value of the database as a cookie of the running app: none may sign in")
    .option("--url <origin>", "where the app runs (default: APP_URL)", originArgument)
    .option("--limit <number>", "the newest so many rows of each table", wholeNumber, 200)
    .action(async (options: Options) => {
      await connection.open();
      const report = await leak(options, connection.stop);
      if (options.json) printJson(report);
      else print(report);
      judge(report);
    });
}

async function leak({ url, limit }: Options, stop: AbortSignal): Promise<LeakReport> {
  const origin = url ?? settings().APP_URL.origin;
  const cookieNames = [sessionCookieName(), ...formerCookieNames()];
  const tell = (tried: number, of: number) => tellProgress(`${tried} of ${of} values tried`);
  const report = await drillLeak(await dumpNewest(limit), { origin, cookieNames, tell, stop });
  tellProgress("");
  return report;
}

function print({ rows, tried, signedIn }: LeakReport): void {
  const count = Object.values(signedIn).reduce((sum, each) => sum + each, 0);
  console.log(`Tried ${tried} values of ${rows} rows; ${count} signed somebody in.`);
}

function judge({ signedIn, unclear }: LeakReport): void {
  const sources = Object.entries(signedIn).map(([source, count]) => `  - ${source} (${count})`);
  if (sources.length > 0)
    throw new Problem(`A leaked table signs people in. These values did:\n${sources.join("\n")}`);
  if (unclear > 0)
    throw new Problem(`${unclear} answers were neither 200 nor 401: this proves nothing.`);
}
