import { Command } from "commander";
import { addCheckCommand } from "./check";
import type { Connection } from "./connection";
import { addEventCommands } from "./events";
import { addExamples } from "./examples";
import { addGuardCommand } from "./guards";
import { addSessionCommands } from "./sessions";
import { addUserCommands } from "./users";

/** Every verb of the command line. */
export function commands(connection: Connection, program = new Command("manage")): Command {
  program
    .description("Looks after users, sessions and events, and after what they rest on.")
    .usage("users|sessions|events|guards|check <verb> [options]   (npm run manage -- users list)")
    .helpCommand(false)
    .exitOverride();
  addUserCommands(program, connection);
  addSessionCommands(program, connection);
  addEventCommands(program, connection);
  addGuardCommand(program);
  addCheckCommand(program, connection);
  addExamples(program);
  return program;
}
