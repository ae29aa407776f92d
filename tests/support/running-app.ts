// The built app as a process of its own, on a port of its own, with the test file's database.
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { freePort } from "@/scripts/free-port";
import { childEnvironment, exitOf } from "@/scripts/processes";
import { root } from "@/scripts/root";
import { leastHashCost } from "./hash-cost";
import { PASSWORD } from "./people";
import { type Answer, type Requesting, rawRequest } from "./raw-request";
import { parseSetCookie } from "./set-cookie";

export interface RunningApp extends Requesting {
  /** Where a browser finds it, and what `APP_URL` says if no setting says otherwise. */
  readonly origin: string;
  readonly port: number;
  readonly pid: number;
  /** The folder that its build is in. */
  readonly folder: string;
  /** What it answered to whoever asked all the time while it started. */
  readonly firstAnswer: Answer;
  /** Everything that it has written to standard output and standard error so far. */
  log(): string;
  /** The platform's fetch, which never follows a redirect; `headers.getSetCookie()` has them all. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  stop(): Promise<void>;
}

interface Start {
  /** The folder of another build; this tree if left out. */
  readonly folder?: string;
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
  const firstAnswer = await answered(child, port, () => said);
  const secrets = new Set<string>();
  return {
    origin,
    port,
    pid: child.pid ?? 0,
    folder,
    firstAnswer,
    log: () => said,
    request: async (path, asking) => {
      const answer = await rawRequest(port, path, asking);
      for (const { value } of answer.setCookies.map(parseSetCookie)) secrets.add(value);
      return answer;
    },
    fetch: (path, init) => fetch(new URL(path, origin), { redirect: "manual", ...init }),
    stop: async () => {
      await stop(child);
      expectNoSecret(said, secrets);
    },
  };
}

// What the log says is a part of what is tested.
const DEFAULTS = { LOG_LEVEL: "info" };

async function answered(child: ChildProcess, port: number, said: () => string): Promise<Answer> {
  for (;;) {
    const answer = await rawRequest(port, "/api/health/live").catch(() => null);
    if (answer?.status === 200) return answer;
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`The app ended before it answered:\n${said()}`);
    await wait(20);
  }
}

// Of a whole run, not of a test that thinks of it: SID-4, PW-11, LG-2. Sealed values are long.
function expectNoSecret(said: string, secrets: ReadonlySet<string>): void {
  const confidential = [PASSWORD, ...secrets].filter((value) => value.length > 16);
  const found = confidential.filter((value) => said.includes(value));
  if (found.length > 0) throw new Error(`The log holds ${found.length} secrets: ${found[0]}`);
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill("SIGTERM");
  await exitOf(child);
}
