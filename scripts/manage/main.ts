// `npm run manage -- …`: the command line. Exit 0 done, 1 failed, 2 wrong usage.
import { Command, CommanderError } from "commander";
import { Problem, runProgram } from "../program";
import { Connection } from "./connection";
import { explain } from "./explain";
import { addSessionCommands } from "./sessions";
import { addUserCommands } from "./users";

await runProgram(async (stop) => {
  const connection = new Connection(stop);
  const program = new Command("manage")
    .description("Looks after users and sessions.")
    .usage("users|sessions <verb> [options]   (npm run manage -- users list)")
    .helpCommand(false)
    .exitOverride();
  addUserCommands(program, connection);
  addSessionCommands(program, connection);
  try {
    await program.parseAsync();
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw new Problem(explain(error));
  } finally {
    await connection.close();
  }
});
