// `npm run manage -- …`: the command line. Exit 0 done, 1 failed, 2 wrong usage.
import { runProgram } from "../program";
import { runCommands } from "./commands";

await runProgram((stop) => runCommands(process.argv.slice(2), stop));
