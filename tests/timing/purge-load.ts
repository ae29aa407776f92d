// `node scripts/run.mjs tests/timing/purge-load.ts [mariadb|mysql] [seconds]`: two purges without a pause
// beside 32 writers. Exits with 1 when a request failed, or an end was noted twice.

import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { migrateDatabase } from "@/lib/db/migrate/migrate";
import type { Started } from "@/lib/session/lifecycle";
import { startDatabase } from "@/scripts/database/start";
import { completeSettings } from "@/scripts/environment";
import { runProgram } from "@/scripts/program";
import { dataFolder } from "@/scripts/root";
import { given } from "../support/given";
import { METHODS } from "../support/signed-in";
import { mysql9 } from "../tools/mysql9";
import { Tally } from "./tally";

const PURGERS = 2;
const WRITERS = 32;
const USERS = 50;
/** Sessions that the writers share; older ones are left to run out. */
const SHARED = 400;
const DEVICE = { ipAddress: "127.0.0.1", userAgent: "bench" };

// Each use is written, sessions run out while they are used, and what has ended goes at once.
const HARSH = {
  SESSION_TOUCH_SECONDS: "0",
  SESSION_COOKIE_AGE: "2",
  SESSION_RETENTION_DAYS: "0",
  LOG_LEVEL: "warn",
};

const [engine = "mariadb", seconds = "60"] = process.argv.slice(2);

await runProgram(async (stop) => {
  const server = engine === "mysql" ? { server: await mysql9(stop) } : {};
  const folder = join(dataFolder, `bench-${engine}`);
  const database = await startDatabase({ folder, stop, ...server });
  try {
    Object.assign(process.env, HARSH, { DATABASE_URL: database.url });
    completeSettings();
    await migrateDatabase(database.url);
    const tally = new Tally();
    await load(tally, Date.now() + Number(seconds) * 1000);
    console.log(`${engine}, ${seconds} s: ${PURGERS} purges beside ${WRITERS} writers`);
    console.table(tally.table());
    const twice = await endedTwice();
    console.log(`${tally.failures} failed; ${twice} sessions whose end was noted twice`);
    for (const message of tally.messages) console.error(message);
    return tally.failures + twice === 0 ? 0 : 1;
  } finally {
    const { closeDatabase } = await import("@/lib/db/connection");
    await closeDatabase();
    await database.stop();
  }
});

async function load(tally: Tally, until: number): Promise<void> {
  // Not before the settings are there: these read them when they are first used.
  const { createUser } = await import("@/lib/users/users");
  const { writeSessionData } = await import("@/lib/session/write");
  const { endSessionById } = await import("@/lib/session/end");
  const { startSession, touchSession } = await import("@/lib/session/lifecycle");
  const { purgeSessions } = await import("@/lib/session/purge");
  const { resumeSession } = await import("@/lib/session/resume");

  const people = await Promise.all(
    Array.from({ length: USERS }, async () => {
      const name = `load-${randomUUID()}`;
      const person = {
        username: name,
        email: `${name}@example.com`,
        name,
        role: "member",
      } as const;
      return await given(createUser({ ...person, passwordHash: "none" }, new Date()));
    }),
  );
  type Visitor = Started & { user: (typeof people)[number] };
  const shared: Visitor[] = [];
  const any = <T>(list: readonly T[]) => list[Math.floor(Math.random() * list.length)];

  const signIn = async () => {
    const user = any(people);
    if (!user) return;
    const request = { user, methods: METHODS, persistent: false, device: DEVICE, replaced: [] };
    shared.push({ user, ...(await given(startSession(request, new Date()))) });
    if (shared.length > SHARED) shared.shift();
  };
  // How often of twenty; the work.
  const verbs: [string, number, (it: Visitor) => Promise<unknown>][] = [
    ["sign in", 5, signIn],
    ["touch", 6, ({ session, user }) => touchSession(session, user, DEVICE, new Date())],
    ["data", 4, ({ session }) => writeSessionData(session.id, { at: Date.now() })],
    [
      "end",
      2,
      ({ session: { id } }) =>
        endSessionById({ id, reason: "signed_out", device: DEVICE }, new Date()),
    ],
    ["resume", 3, ({ token }) => resumeSession(token, new Date())],
  ];

  const mixed = verbs.flatMap((verb) => Array.from({ length: verb[1] }, () => verb));
  const write = async () => {
    while (Date.now() < until) {
      const it = any(shared);
      const [name, , work] = any(mixed) ?? [];
      if (!it) await tally.count("sign in", signIn);
      else if (name && work) await tally.count(name, () => work(it));
    }
  };
  const purge = async () => {
    while (Date.now() < until) {
      const purged = await tally.count("purge", () => purgeSessions(new Date()));
      tally.note("noted by the purge", purged?.expired ?? 0);
      tally.note("removed by the purge", purged?.removed ?? 0);
    }
  };
  await Promise.all([
    ...Array.from({ length: WRITERS }, write),
    ...Array.from({ length: PURGERS }, purge),
  ]);
}

async function endedTwice(): Promise<number> {
  const { db } = await import("@/lib/db/connection");
  const [found] = await db().execute(sql`
    select session_id from events where type in ('sign_out', 'session_expired')
    group by session_id having count(*) > 1`);
  return Array.isArray(found) ? found.length : 0;
}
