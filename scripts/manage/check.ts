import { styleText } from "node:util";
import { type Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { SettingsError, settings } from "@/lib/env";
import { fault } from "../check/check";
import { checkIds, type Result, runChecks } from "../check/run";
import type { Connection } from "./connection";
import { type Outcome, printing } from "./output";

/** `check`: what is unsafe or missing, each with its fix. */
export function addCheckCommand(verb: Command, connection: Connection): void {
  verb
    .option("--deploy", "all that a public site needs; without it, what development needs", false)
    .option("--accept <ids>", "faults to live with, by their ids, comma-separated", ids, [])
    .action(
      printing(async ({ deploy, accept }) =>
        outcomeOf(await resultsOf(connection, deploy), accept),
      ),
    );
}

function outcomeOf(results: readonly Result[], known: readonly string[]): Outcome {
  const checks = results.map((each) => judged(each, !each.finding.ok && known.includes(each.id)));
  const { length: faults } = checks.filter(({ ok, accepted }) => !ok && !accepted);
  return {
    json: { checks, faults },
    words: () => {
      for (const check of checks) print(check);
      if (faults === 0) console.log(`${checks.length} checks, nothing to mend.`);
    },
    fault: faults > 0 ? `${faults} of ${checks.length} checks found a fault.` : "",
  };
}

function judged({ id, title, finding }: Result, accepted: boolean) {
  return { id, title, accepted, ...finding };
}

// Nothing else can be looked at with settings that are wrong.
async function resultsOf(connection: Connection, isDeploy: boolean): Promise<Result[]> {
  try {
    await connection.open();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const finding = fault(error.message, "set them as is said there");
    return [{ id: "settings", title: "the settings can be read", finding }];
  }
  return runChecks({ settings: settings(), now: new Date() }, isDeploy);
}

function ids(text: string): string[] {
  const named = text.split(",").map((id) => id.trim());
  const unknown = named.find((id) => !checkIds().includes(id));
  if (unknown) throw new InvalidArgumentError(`${unknown} is no check: ${checkIds().join(", ")}`);
  return named;
}

function print(check: ReturnType<typeof judged>): void {
  const { id, title, accepted } = check;
  if (check.ok) console.log(`ok     ${id}: ${title}: ${check.found}`);
  else {
    const mark = accepted ? styleText("yellow", "known") : styleText("red", "FAULT");
    console.log(`${mark}  ${id}: ${title}`);
    console.log(`         ${check.fault}`);
    console.log(`         mend: ${check.fix}`);
  }
}
