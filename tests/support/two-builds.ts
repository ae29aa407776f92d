// The app as it is, and the same app built without its middleware: each page, action and handler
// has to hold its own guard (AZ-1).
import { execFile } from "node:child_process";
import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, inject } from "vitest";
import { oneAtATime } from "@/scripts/one-at-a-time";
import { childEnvironment } from "@/scripts/processes";
import { root } from "@/scripts/root";
import { copyProject } from "./project-copy";
import { type SharedApp, sharedApp } from "./running-app";

export const BUILDS = ["with the middleware", "without the middleware"] as const;
export type Build = (typeof BUILDS)[number];

/**
 * The builds that a story in a browser is played on: the app as it is. The command
 * `npm run test:guards` plays each on the other build, too.
 */
export const STORY_BUILDS: readonly Build[] =
  process.env.STORIES_WITHOUT_MIDDLEWARE === "1" ? BUILDS : BUILDS.slice(0, 1);

/**
 * With JavaScript and without. The build without its middleware is visited with JavaScript alone:
 * what a browser does without has no guard of its own there, and each visit takes its time.
 */
export function scripting(build: Build): [words: string, javaScriptEnabled: boolean][] {
  const both: [string, boolean][] = [
    ["with JavaScript", true],
    ["without JavaScript", false],
  ];
  return build === "with the middleware" ? both : both.slice(0, 1);
}

// The other build is made within it, while other tests run.
const BUILD_MILLISECONDS = 420_000;

/** Has that build run while the tests of this `describe` do. */
export function appOf(build: Build): () => SharedApp {
  let app: SharedApp | undefined;
  beforeAll(async () => {
    const folder = build === "with the middleware" ? root : await withoutMiddleware();
    app = await sharedApp({}, { folder });
  }, BUILD_MILLISECONDS);
  return () => {
    if (!app) throw new Error("The app runs only while tests do");
    return app;
  };
}

// Built by the first file that asks, for all files of the run; two may ask at once.
async function withoutMiddleware(): Promise<string> {
  const known = join(inject("scratchFolder"), "without-middleware");
  const never = new AbortController().signal;
  return oneAtATime(`${known}.holder`, never, async () => {
    if (!existsSync(known)) writeFileSync(known, await buildWithoutMiddleware());
    return readFileSync(known, "utf8");
  });
}

// Other parts of the run have checked the types.
const WITHOUT_TYPES = `import own from "./own.config";
export default { ...own, typescript: { ignoreBuildErrors: true } };
`;

async function buildWithoutMiddleware(): Promise<string> {
  const { folder } = copyProject(inject("scratchFolder"));
  rmSync(join(folder, "middleware.ts"));
  // What an application would add: handlers that write session data, and a hook that hears events.
  for (const room of ["app", "lib"])
    cpSync(join(root, `tests/support/extra-${room}`), join(folder, room), { recursive: true });
  for (const path of ["tests", "bench", ".next"]) rmSync(join(folder, path), { recursive: true });
  renameSync(join(folder, "next.config.ts"), join(folder, "own.config.ts"));
  writeFileSync(join(folder, "next.config.ts"), WITHOUT_TYPES);
  await promisify(execFile)(process.execPath, ["node_modules/next/dist/bin/next", "build"], {
    cwd: folder,
    env: childEnvironment(),
  });
  return folder;
}
