import { build } from "./build-if-needed";
import { runProgram } from "./program";

await runProgram(async (stop) => {
  await build(stop, "loud");
  return 0;
});
