// What questions take of a database with so many sessions: `DATABASE_URL` says which. Progress goes to
// standard error, the figures as a line of JSON to standard output.
import { quantile } from "d3-array";
import { sql } from "drizzle-orm";
import { stringify } from "uuid";
import { closeDatabase, db } from "@/lib/db/connection";
import { busiestAddresses, triesByDay, triesByHour, triesLastDay } from "@/lib/events/stats";
import { touchSession } from "@/lib/session/lifecycle";
import { countLive, listForUser } from "@/lib/session/list";
import { purgeSessions } from "@/lib/session/purge";
import { resumeSession } from "@/lib/session/resume";
import { searchLive } from "@/lib/session/search";
import { effectiveSession, findSession } from "@/lib/session/session";
import { aboutLive, countEnded, countWaiting, liveShares } from "@/lib/session/stats";
import { countUsers, searchUsers } from "@/lib/users/find";
import { runProgram, tellProgress } from "@/scripts/program";

/** What one question took, each time it was asked. */
export interface Figures {
  readonly what: string;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const DAY_MS = 86_400_000;
const CLIENTS = 16;
const QUIET_MS = 5_000;
/** A purge of a million takes its time; this much of it tells what it does to others. */
const LONGEST_PURGE_MS = 60_000;
const SAMPLED = 300;
const DEVICE = { ipAddress: "192.0.2.7", userAgent: "bench" };

await runProgram(async (stop) => {
  const now = new Date();
  const ids = await someLive(now);
  const figures: Figures[] = [];
  for (const [what, times, ask] of questions(ids, now)) {
    stop.throwIfAborted();
    tellProgress(what);
    figures.push(figuresOf(what, await took(times, ask)));
  }
  figures.push(...(await beside(ids, stop)));
  tellProgress("");
  console.log(JSON.stringify(figures));
  await closeDatabase();
  return 0;
});

type Ask = (turn: number) => Promise<unknown>;

function questions(ids: readonly string[], now: Date): [what: string, times: number, Ask][] {
  const id = (turn: number) => ids[turn % ids.length] ?? "";
  const page = { limit: 50 };
  return [
    ["a session resumed", 1000, (turn) => resumed(id(turn * 7))],
    ["a use written", SAMPLED, (turn) => touched(id(turn), now)],
    ["somebody's devices", SAMPLED, (turn) => devices(id(turn), now)],
    ["sessions, the first page", 50, () => searchLive({}, page, now)],
    ["sessions, a page far on", 50, (turn) => farOn(id(turn), now)],
    ["sessions of an address", 50, () => searchLive({ address: "198.18.7.77" }, page, now)],
    ["sessions of a common network", 20, () => searchLive({ address: "198.18." }, page, now)],
    ["sessions of a rare browser", 20, () => searchLive({ browser: "no such" }, page, now)],
    ["users, nobody fits", 20, () => searchUsers("nobody is called that", page)],
    ["the overview, first looked at", 1, () => overview(new Date())],
    ["the overview, later", 20, () => overview(new Date())],
    ["the numbers (/api/admin/stats)", 20, () => numbers(new Date())],
    ["live sessions counted exactly", 1, () => countLive(now)],
  ];
}

function resumed(sessionId: string) {
  const token = { sessionId, secret: "none of it", absoluteExpiresAt: new Date() };
  return resumeSession(token, new Date());
}

async function touched(id: string, now: Date): Promise<void> {
  const found = await findSession(id);
  if (found) await touchSession(found.session, found.user, DEVICE, now);
}

async function devices(id: string, now: Date): Promise<void> {
  const found = await findSession(id);
  if (found) await listForUser(found.user, now);
}

async function farOn(id: string, now: Date): Promise<void> {
  const found = await findSession(id);
  if (!found) return;
  const { lastActivityAt } = effectiveSession(found.session, found.user, now);
  const place = JSON.stringify([lastActivityAt.getTime(), id]);
  await searchLive({}, { limit: 50, cursor: Buffer.from(place).toString("base64url") }, now);
}

function overview(now: Date) {
  const sessions = [aboutLive(now), countWaiting(now), liveShares(now)];
  const tries = [triesByHour(now), triesByDay(now), busiestAddresses(now, 8)];
  return Promise.all([...sessions, ...tries, countUsers()]);
}

function numbers(now: Date) {
  return Promise.all([countUsers(), aboutLive(now), countEnded(now), triesLastDay(now)]);
}

/** Live sessions from anywhere in the table. */
async function someLive(now: Date): Promise<string[]> {
  const ids: string[] = [];
  // More tries than that fail only where hardly anything lives.
  for (let tries = 0; ids.length < SAMPLED && tries < 10 * SAMPLED; tries += 1) {
    const at = now.getTime() - Math.random() * 20 * DAY_MS;
    const from = Buffer.from(Math.floor(at).toString(16).padStart(12, "0").padEnd(32, "0"), "hex");
    const [rows] =
      await db().execute(sql`select id from sessions force index (primary) where id > ${from}
      and ended_at is null and expires_at > ${new Date(now.getTime() + 60_000).toISOString().slice(0, 19)}
      order by id limit 1`);
    const [row] = Array.isArray(rows) ? rows : [];
    if (row && "id" in row && Buffer.isBuffer(row.id)) ids.push(stringify(row.id));
  }
  if (ids.length === 0) throw new Error("no session lives here");
  return ids;
}

async function took(times: number, ask: Ask): Promise<number[]> {
  const all: number[] = [];
  for (let turn = 0; turn < times; turn += 1) {
    const before = performance.now();
    await ask(turn);
    all.push(performance.now() - before);
  }
  return all;
}

function figuresOf(what: string, all: readonly number[]): Figures {
  return { what, p50Ms: quantile(all, 0.5) ?? 0, p99Ms: quantile(all, 0.99) ?? 0 };
}

/** Clients that resume without a pause: on their own, and while the purge removes what is past retention. */
async function beside(ids: readonly string[], stop: AbortSignal): Promise<Figures[]> {
  let purged = 0;
  const quiet = await loaded(ids, () => new Promise((resolve) => setTimeout(resolve, QUIET_MS)));
  const purging = await loaded(ids, () =>
    purgeSessions(new Date(), {
      stop: AbortSignal.any([stop, AbortSignal.timeout(LONGEST_PURGE_MS)]),
      tell: ({ expired, removed }) => {
        purged = expired + removed;
        tellProgress(`purged: ${purged}`);
      },
    }),
  );
  return [
    figuresOf(`${CLIENTS} clients resume`, quiet),
    figuresOf(`${CLIENTS} clients resume during a purge of ${purged}`, purging),
  ];
}

async function loaded(ids: readonly string[], work: () => Promise<unknown>): Promise<number[]> {
  const all: number[] = [];
  let isOver = false;
  const client = async (from: number) => {
    for (let turn = from; !isOver; turn += CLIENTS)
      all.push(...(await took(1, () => resumed(ids[turn % ids.length] ?? ""))));
  };
  const clients = Array.from({ length: CLIENTS }, (_, from) => client(from));
  await work().finally(() => {
    isOver = true;
  });
  await Promise.all(clients);
  return all;
}
