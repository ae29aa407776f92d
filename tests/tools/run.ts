// `npm test` and its parts: named steps in order, up to the first that fails.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildIfNeeded } from "@/scripts/builds";
import { runOrFail } from "@/scripts/processes";
import { Problem, runProgram } from "@/scripts/program";
import { dataFolder, root } from "@/scripts/root";
import { lint, typecheck } from "@/scripts/sources";
import { clearTestServers } from "./clear-servers";
import { type Totals, totalsOf } from "./totals";

interface Step {
  readonly name: string;
  run(stop: AbortSignal): Promise<void>;
}

const results = join(dataFolder, "test", `results-${process.pid}`);
const NAMES = ["unit", "integration", "e2e", "guards", "timing", "mail", "django", "pictures"];
const part = NAMES.find((name) => name === process.argv[2]);
const filters = process.argv.slice(part ? 3 : 2);

const lintAll: Step = { name: "lint", run: (stop) => lint(stop) };
const compileAll: Step = { name: "types", run: (stop) => typecheck(stop) };
const build: Step = { name: "build", run: buildIfNeeded };
const unit = vitest("unit", ["unit"]);
const INTEGRATION = ["integration-mariadb", "integration-mysql", "start"];
const END_TO_END = ["e2e", "e2e-alone"];
// At once, since the one often waits for a database, and the other for a browser.
const both = vitest("integration and end to end", [...INTEGRATION, ...END_TO_END]);

const PARTS: Readonly<Record<string, readonly Step[]>> = {
  unit: [unit],
  integration: [build, vitest("integration", INTEGRATION)],
  e2e: [build, vitest("end to end", END_TO_END)],
  guards: [
    build,
    vitest("stories with and without the middleware", ["e2e"], ["tests/e2e/browser"]),
  ],
  timing: [build, vitest("times of answers", ["timing"])],
  mail: [vitest("mail by Postfix", ["mail"])],
  django: [
    build,
    vitest("moving in from every Django", ["e2e"], ["tests/e2e/http/moving-in.test.ts"]),
  ],
  pictures: [build, vitest("pictures", ["pictures"])],
};
const steps = PARTS[part ?? ""] ?? [lintAll, compileAll, unit, build, both];

// Each worker of vitest has the environment of this process.
if (part === "guards") process.env.STORIES_WITHOUT_MIDDLEWARE = "1";
if (part === "django") process.env.EVERY_DJANGO = "1";

await runProgram(async (stop) => {
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  try {
    return await runSteps(stop);
  } finally {
    const totals = totalsOf(results);
    rmSync(results, { recursive: true, force: true });
    await clearTestServers();
    if (!stop.aborted) console.log(words(totals));
  }
});

async function runSteps(stop: AbortSignal): Promise<number> {
  for (const { name, run } of steps) {
    const begun = Date.now();
    console.log(`\n── ${name}`);
    try {
      await run(stop);
    } catch (error) {
      if (stop.aborted) return 1;
      console.error(error instanceof Problem ? error.message : error);
      console.error(`── ${name} failed after ${seconds(begun)}\n`);
      return 1;
    }
    console.log(`── ${name} passed in ${seconds(begun)}`);
  }
  console.log();
  return 0;
}

function vitest(name: string, projects: string[], files = filters): Step {
  const report = join(results, `${projects[0]}.json`);
  const command: [string, ...string[]] = [
    process.execPath,
    join(root, "node_modules/vitest/vitest.mjs"),
    "run",
    ...projects.flatMap((project) => ["--project", project]),
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    "--passWithNoTests",
    ...files,
  ];
  return { name, run: (stop) => runOrFail(command, { stop, voice: "loud", what: "A test" }) };
}

function words({ passed, failed }: Totals): string {
  return `${passed} passed, ${failed} failed`;
}

function seconds(begun: number): string {
  return `${((Date.now() - begun) / 1000).toFixed(1)} s`;
}
