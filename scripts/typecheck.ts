import { typecheck } from "./checks";
import { runProgram } from "./program";

await runProgram(async (stop) => {
  await typecheck(stop, process.argv.slice(2));
  return 0;
});
