import { styleText } from "node:util";
import { type CommandUnknownOpts, InvalidArgumentError } from "@commander-js/extra-typings";
import { SettingsError, settings } from "@/lib/env";
import { fault } from "../check/check";
import { checkIds, type Result, runChecks, type Wanted } from "../check/run";
import type { Connection } from "./connection";
import { type Outcome, printing } from "./output";

/** `check`: what is unsafe or missing, each with its fix. */
export function addCheckCommand(program: CommandUnknownOpts, connection: Connection): void {
  program
    .command("check")
    .description("what is unsafe or missing, each with its fix; exit 1 if anything is")
    .option("--deploy", "all that a public site needs; without it, what development needs", false)
    .option("--accept <ids>", "faults to live with, by their ids, comma-separated", ids, [])
    .action(
      printing(async ({ deploy, accept }) =>
        outcomeOf(await resultsOf(connection, { deploy, accepted: accept })),
      ),
    );
}

function outcomeOf(results: readonly Result[]): Outcome {
  const { length } = results.filter(({ finding, isAccepted }) => !finding.ok && !isAccepted);
  return {
    json: { checks: results.map(plain), faults: length },
    words: () => {
      for (const result of results) print(result);
      if (length === 0) console.log(`${results.length} checks, nothing to mend.`);
    },
    fault: length > 0 ? `${length} of ${results.length} checks found a fault.` : "",
  };
}

// Nothing else can be looked at with settings that are wrong.
async function resultsOf(connection: Connection, wanted: Wanted): Promise<Result[]> {
  try {
    await connection.open();
  } catch (error) {
    if (error instanceof SettingsError) return [wrongSettings(error)];
    throw error;
  }
  return runChecks({ settings: settings(), now: new Date() }, wanted);
}

function wrongSettings({ message }: SettingsError): Result {
  const finding = fault(message, "set them as is said there");
  return { id: "settings", title: "the settings can be read", finding, isAccepted: false };
}

function ids(text: string): string[] {
  const named = text.split(",").map((id) => id.trim());
  const unknown = named.find((id) => !checkIds().includes(id));
  if (unknown) throw new InvalidArgumentError(`${unknown} is no check: ${checkIds().join(", ")}`);
  return named;
}

function plain({ id, title, finding, isAccepted }: Result) {
  return { id, title, accepted: isAccepted, ...finding };
}

function print({ id, title, finding, isAccepted }: Result): void {
  if (finding.ok) console.log(`ok     ${id}: ${title}: ${finding.found}`);
  else {
    const mark = isAccepted ? styleText("yellow", "known") : styleText("red", "FAULT");
    console.log(`${mark}  ${id}: ${title}`);
    console.log(`         ${finding.fault}`);
    console.log(`         mend: ${finding.fix}`);
  }
}
