// `npm start` and `npm run dev`: everything from a checked-out tree to a server that answers.
import { requireBlocklistFile } from "@/lib/auth/blocklist";
import { BRAND } from "@/lib/brand";
import type { Settings } from "@/lib/env";
import { buildIfNeeded } from "../builds";
import { bringDatabase, greeting } from "../database/prepare";
import type { Database } from "../database/start";
import { lackOfSpace } from "../disk-space.mjs";
import { completeSettings, loadEnvironmentFile } from "../environment";
import { isPortFree } from "../free-port";
import { Problem, runProgram } from "../program";
import { root } from "../root";
import { startNext } from "./next-server";
import { portHolder } from "./port-holder";

const NEEDED_MEGABYTES = 200;

await runProgram(async (stop) => {
  const mode = process.argv[2] === "dev" ? "dev" : "start";
  loadEnvironmentFile();
  const settings = completeSettings();
  requireBlocklistFile(settings.PASSWORD_BLOCKLIST);
  await requireRoom(settings);
  const database = await prepare(mode, stop);
  try {
    return await serve(mode, settings, database !== null, stop);
  } finally {
    await database?.stop();
  }
});

async function requireRoom({ PORT, HOST }: Settings): Promise<void> {
  const lack = lackOfSpace(root, NEEDED_MEGABYTES);
  if (lack) throw new Problem(lack);
  const isFree = await isPortFree(PORT, HOST).catch((error: Error) => {
    throw new Problem(`HOST ${HOST} with PORT ${PORT} cannot be listened on: ${error.message}`);
  });
  if (isFree) return;
  const holder = portHolder(PORT) ?? "another program";
  throw new Problem(
    `Port ${PORT} is taken by ${holder}. Stop that, or choose another: PORT=${PORT + 1} npm start`,
  );
}

// The build needs no database, and the database no build: a first start waits for the longer one.
async function prepare(mode: "start" | "dev", stop: AbortSignal): Promise<Database | null> {
  const failed = new AbortController();
  const either = AbortSignal.any([stop, failed.signal]);
  const abandonOther = (error: unknown) => {
    failed.abort();
    throw error;
  };
  const [database, build] = await Promise.allSettled([
    bringDatabase(either).catch(abandonOther),
    (mode === "dev" ? Promise.resolve() : buildIfNeeded(either)).catch(abandonOther),
  ]);
  if (database.status === "fulfilled" && build.status === "fulfilled") return database.value;
  if (database.status === "fulfilled") await database.value?.stop();
  const faults = [database, build].flatMap((r) => (r.status === "rejected" ? [r.reason] : []));
  throw faults.find((fault) => fault instanceof Problem) ?? faults[0];
}

async function serve(
  mode: "start" | "dev",
  { HOST, PORT, APP_URL }: Settings,
  isEmbedded: boolean,
  stop: AbortSignal,
): Promise<number> {
  stop.throwIfAborted();
  const next = startNext({ mode, host: HOST, port: PORT });
  try {
    const [words] = await Promise.all([greeting(isEmbedded), next.ready(stop)]);
    // At once, so that whoever waits for the first line has the other, too.
    const lines = [`\n${BRAND.name} is ready: ${APP_URL.origin}`, ...(words ? [words] : [])];
    console.log(lines.join("\n"));
    const stopped = new Promise<"stopped">((resolve) => {
      stop.addEventListener("abort", () => resolve("stopped"));
      if (stop.aborted) resolve("stopped");
    });
    const end = await Promise.race([next.ended, stopped]);
    if (end === "stopped") return 0;
    console.error(`The server ended by itself (exit code ${end}).`);
    return end || 1;
  } finally {
    await next.stop();
  }
}
