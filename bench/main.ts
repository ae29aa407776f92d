// `npm run bench`: what a session costs a request, as ratios within one run; with `--sessions 1000000`
// also what questions take of so many.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import autocannon from "autocannon";
import { median } from "d3-array";
import { wholeNumber } from "../scripts/manage/arguments";
import { runProgram } from "../scripts/program";
import { withApp } from "./app";
import { compareSizes } from "./sizes/compare";
import { signedInCookie } from "./visitor";

const ROUNDS = 5;
const ROUND_SECONDS = 3;
const WARM_UP_SECONDS = 2;
const CONNECTIONS = 16;
// Linux counts in hundredths of a second: fine over a round of several.
const MICROSECONDS_PER_TICK = 10_000;

interface Load {
  readonly name: string;
  readonly path: string;
  readonly cookie: string | null;
}

interface Sample {
  readonly perSecond: number;
  readonly p99Ms: number;
  readonly cpuMicrosecondsEach: number;
}

await runProgram(async (stop) => {
  const { sessions } = parseArgs({ options: { sessions: { type: "string" } } }).values;
  await withApp({ LOG_LEVEL: "warn" }, stop, async ({ origin, pid }) => {
    await compare(origin, pid, await signedInCookie(), stop);
  });
  if (sessions) await compareSizes(wholeNumber(sessions), stop);
  return 0;
});

async function compare(origin: string, pid: number, cookie: string, stop: AbortSignal) {
  const loads: Load[] = [
    { name: "GET /api/health/live (no session read)", path: "/api/health/live", cookie: null },
    { name: "GET /api/session, no session (401)", path: "/api/session", cookie: null },
    { name: "GET /api/session, signed in", path: "/api/session", cookie },
    { name: "GET /sign-in, a stranger", path: "/sign-in", cookie: null },
    { name: "GET /dashboard, signed in", path: "/dashboard", cookie },
  ];
  for (const load of loads) await run(origin, load, WARM_UP_SECONDS);
  const samples = new Map<string, Sample[]>();
  // Round by round, so that a busy minute of the machine falls on all alike.
  for (let round = 0; round < ROUNDS; round += 1)
    for (const load of loads) {
      stop.throwIfAborted();
      const sample = await measured(origin, pid, load);
      samples.set(load.name, [...(samples.get(load.name) ?? []), sample]);
    }
  print(samples);
}

async function measured(origin: string, pid: number, load: Load): Promise<Sample> {
  const before = cpuMicroseconds(pid);
  const result = await run(origin, load, ROUND_SECONDS);
  return {
    perSecond: result.requests.average,
    p99Ms: result.latency.p99,
    cpuMicrosecondsEach: (cpuMicroseconds(pid) - before) / result.requests.total,
  };
}

async function run(origin: string, { path, cookie }: Load, seconds: number) {
  const result = await autocannon({
    url: origin + path,
    connections: CONNECTIONS,
    duration: seconds,
    ...(cookie ? { headers: { cookie } } : {}),
  });
  if (result.errors > 0) throw new Error(`${result.errors} requests of ${path} failed`);
  return result;
}

function cpuMicroseconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) * MICROSECONDS_PER_TICK;
}

function print(samples: Map<string, Sample[]>): void {
  const rows = [...samples].map(([name, rounds]) => ({
    load: name,
    "requests/s": Math.round(median(rounds, ({ perSecond }) => perSecond) ?? 0),
    "p99 ms": median(rounds, ({ p99Ms }) => p99Ms) ?? 0,
    "CPU µs each": Math.round(median(rounds, (round) => round.cpuMicrosecondsEach) ?? 0),
  }));
  console.table(rows);
  const [, stranger, signedIn] = rows;
  if (!stranger || !signedIn) return;
  const ratio = signedIn["requests/s"] / stranger["requests/s"];
  const added = signedIn["CPU µs each"] - stranger["CPU µs each"];
  console.log(
    `GET /api/session, signed in ÷ without a session: ${ratio.toFixed(2)} of the requests/s, ${added} µs of CPU more.`,
  );
}
