// The built app as a process of its own, on a port of its own, with the test file's database.
import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { inject } from "vitest";
import { freePort } from "@/scripts/free-port";
import { childEnvironment, exitOf } from "@/scripts/processes";
import { root } from "@/scripts/root";
import { PASSWORD } from "@/tests/helpers/people";
import { leastHashCost } from "./hash-cost";
import { type RawResponse, type Requesting, rawRequest } from "./raw-request";
import { parseSetCookie } from "./set-cookie";

/** An app that other test files may use as well: none of them ends it. */
export interface SharedApp extends Requesting {
  /** Where a browser finds it, and what `APP_URL` says if no setting says otherwise. */
  readonly origin: string;
  readonly port: number;
  readonly pid: number;
  /** The folder that its build is in. */
  readonly folder: string;
  /** What it answered to whoever asked all the time while it started. */
  readonly firstResponse: RawResponse;
  /** Everything that it has written to standard output and standard error so far. */
  log(): string;
  /** The platform's fetch, which never follows a redirect; `headers.getSetCookie()` has them all. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Throws where its log holds a password or a cookie's value that it gave out: SID-4, PW-11, LG-2. */
  expectNoSecret(): void;
}

export interface RunningApp extends SharedApp {
  stop(): Promise<void>;
}

interface Start {
  /** The folder of another build; this tree if left out. */
  readonly folder?: string;
}

declare global {
  /** The apps that this worker runs for one test file after another, by build and settings. */
  var gatehouseTestApps: Map<string, Promise<RunningApp>> | undefined;
}

/**
 * The app with these settings, which a worker starts for the first file that asks, and all later
 * ones share. Its log holds what it says from now on. Whoever counts what a process does, freezes
 * it or ends it starts one of their own.
 */
export async function sharedApp(
  settings: Record<string, string> = {},
  { folder = root }: Start = {},
): Promise<SharedApp> {
  globalThis.gatehouseTestApps ??= new Map();
  const apps = globalThis.gatehouseTestApps;
  const key = JSON.stringify([process.env.DATABASE_URL, folder, settings]);
  const starting = apps.get(key) ?? startApp(settings, { folder });
  apps.set(key, starting);
  const app = await starting;
  // Who starts the tests ends it, since no worker hears of its own end.
  writeFileSync(join(inject("appsFolder"), String(app.pid)), "");
  const begin = app.log().length;
  return { ...app, log: () => app.log().slice(begin) };
}

/** Throws where a shared app has written down a secret; after each test file. */
export async function lookThroughLogs(): Promise<void> {
  for (const app of globalThis.gatehouseTestApps?.values() ?? []) (await app).expectNoSecret();
}

/** Starts the app with these settings; returns once it answers. */
export async function startApp(
  settings: Record<string, string> = {},
  { folder = root }: Start = {},
): Promise<RunningApp> {
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const cheap = { PASSWORD_HASH_COST: leastHashCost(settings.APP_URL ?? origin) };
  const next = join(folder, "node_modules/next/dist/bin/next");
  const child = spawn(process.execPath, [next, "start", "-H", "127.0.0.1", "-p", String(port)], {
    cwd: folder,
    env: {
      ...childEnvironment(),
      ...DEFAULTS,
      ...cheap,
      PORT: String(port),
      APP_URL: origin,
      ...settings,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  const firstResponse = await untilServing(child, port, () => said);
  const secrets = new Set<string>();
  return {
    origin,
    port,
    pid: child.pid ?? 0,
    folder,
    firstResponse,
    log: () => said,
    request: async (path, asking) => {
      const response = await rawRequest(port, path, asking);
      for (const { value } of response.setCookies.map(parseSetCookie)) secrets.add(value);
      return response;
    },
    fetch: (path, init) => fetch(new URL(path, origin), { redirect: "manual", ...init }),
    expectNoSecret: () => expectNoSecret(said, secrets),
    stop: async () => {
      await stop(child);
      expectNoSecret(said, secrets);
    },
  };
}

// What the log says is a part of what is tested.
const DEFAULTS = { LOG_LEVEL: "info" };

async function untilServing(
  child: ChildProcess,
  port: number,
  said: () => string,
): Promise<RawResponse> {
  for (;;) {
    const response = await rawRequest(port, "/api/health/live").catch(() => null);
    if (response?.status === 200) return response;
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`The app ended before it answered:\n${said()}`);
    await wait(20);
  }
}

// Of a whole file, not of a test that thinks of it. Sealed values are long.
function expectNoSecret(said: string, secrets: ReadonlySet<string>): void {
  const confidential = [PASSWORD, ...secrets].filter((value) => value.length > 16);
  const found = confidential.filter((value) => said.includes(value));
  if (found.length > 0) throw new Error(`The log holds ${found.length} secrets: ${found[0]}`);
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill("SIGTERM");
  await exitOf(child);
}
