import { CommanderError } from "commander";
import { explain } from "../explain";
import { Problem } from "../program";
import { commands } from "./commands";
import { Connection } from "./connection";

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
