import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { dumpNewest } from "@/lib/db/inspect";
import { settings } from "@/lib/env";
import { formerCookieNames } from "@/lib/session/clear-cookie";
import { sessionCookieName } from "@/lib/session/cookie";
import { drillLeak, type LeakReport } from "../check/leak";
import { tellProgress } from "../program";
import { originArgument, wholeNumber } from "./arguments";
import type { Connection } from "./connection";
import type { Outcome } from "./output";

/** `sessions drill leak` */
export function addSessionDrill(sessions: CommandUnknownOpts, connection: Connection): void {
  sessions
    .command("drill")
    .description("prove by trying that what must not be possible is not")
    .command("leak")
    .description("try each value of the database as a cookie and a mailed link: none may let in")
    .option("--url <origin>", "where the app runs (default: APP_URL)", originArgument)
    .option("--limit <number>", "the newest so many rows of each table", wholeNumber, 200)
    .action(
      connection.does(async ({ url = settings().APP_URL.origin, limit }) => {
        const cookieNames = [sessionCookieName(), ...formerCookieNames()];
        const tell = (tried: number, of: number) => tellProgress(`${tried} of ${of} values tried`);
        const drill = { origin: url, cookieNames, tell, stop: connection.stop };
        const report = await drillLeak(await dumpNewest(limit), drill);
        tellProgress("");
        return outcomeOf(report);
      }),
    );
}

function outcomeOf(report: LeakReport): Outcome {
  const { rows, tried, signedIn } = report;
  const count = Object.values(signedIn).reduce((sum, each) => sum + each, 0);
  const words = `Tried ${tried} values of ${rows} rows; ${count} let somebody in.`;
  return { json: report, words, fault: faultIn(report) };
}

function faultIn({ signedIn, unclear }: LeakReport): string {
  const sources = Object.entries(signedIn).map(([source, count]) => `  - ${source} (${count})`);
  if (sources.length > 0)
    return `A leaked table lets people in. These values did:\n${sources.join("\n")}`;
  return unclear > 0 ? `${unclear} answers were neither yes nor no: this proves nothing.` : "";
}
