// `npm run manage -- …`: the command line. Exit 0 done, 1 failed, 2 wrong usage.
import { CommanderError } from "commander";
import { Problem, runProgram } from "../program";
import { commands } from "./commands";
import { Connection } from "./connection";
import { explain } from "./explain";

await runProgram(async (stop) => {
  const connection = new Connection(stop);
  try {
    await commands(connection).parseAsync();
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw new Problem(explain(error));
  } finally {
    await connection.close();
  }
});
