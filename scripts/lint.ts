import { lint } from "./checks";
import { runProgram } from "./program";

await runProgram(async (stop) => {
  const words = process.argv.slice(2);
  await lint(stop, words.length > 0 ? words : undefined);
  return 0;
});
