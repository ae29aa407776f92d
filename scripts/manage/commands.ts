import { Command, CommanderError, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { explain } from "../explain";
import { Problem } from "../program";
import { addCheckCommand } from "./check";
import { Connection } from "./connection";
import { addEventCommands } from "./events";
import { addExamples, verbsOf } from "./examples";
import { addGuardCommand } from "./guards";
import { addMailCommands } from "./mail";
import { addSessionCommands } from "./sessions";
import { addUserCommands } from "./users";

/** Every verb of the command line. */
export function commands(
  connection: Connection,
  program: CommandUnknownOpts = new Command("manage"),
): CommandUnknownOpts {
  program
    .description("Looks after users, sessions, events and mail, and after what they rest on.")
    .usage(
      "users|sessions|events|mail|guards|check <verb> [options]   (npm run manage -- users list)",
    )
    .helpCommand(false)
    .exitOverride();
  addUserCommands(program, connection);
  addSessionCommands(program, connection);
  addEventCommands(program, connection);
  addMailCommands(program, connection);
  addGuardCommand(program);
  addCheckCommand(program, connection);
  for (const [words, verb] of verbsOf(program)) {
    // What exports always prints JSON, and says so.
    if (!verb.options.some(({ long }) => long === "--json"))
      verb.option("--json", "print one JSON document");
    addExamples(words, verb);
  }
  return program;
}

/** Runs the command that these words name: 0 done, 2 wrong usage. Throws a Problem that says why it failed. */
export async function runCommands(words: readonly string[], stop: AbortSignal): Promise<number> {
  const connection = new Connection(stop);
  try {
    await commands(connection).parseAsync(words, { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw new Problem(explain(error));
  } finally {
    await connection.close();
  }
}
