// `npm run build`, `npm run lint` and `npm run typecheck`; further words go to the tool.
import { build } from "./builds";
import { Problem, runProgram } from "./program";
import { lint, typecheck } from "./sources";

await runProgram(async (stop) => {
  const [tool, ...words] = process.argv.slice(2);
  if (tool === "build") await build(stop, "loud");
  else if (tool === "lint") await lint(stop, words.length > 0 ? words : undefined);
  else if (tool === "typecheck") await typecheck(stop, words);
  else throw new Problem("Usage: npm run build, npm run lint or npm run typecheck");
  return 0;
});
