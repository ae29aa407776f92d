import { afterAll, beforeAll, expect, test } from "vitest";
import { newUser, PASSWORD, type TestUser } from "@/tests/helpers/people";
import { postJson, withCookie } from "@/tests/support/asking";
import {
  makeDjangoTables,
  movedUser,
  signInAtDjango,
  WITH_DJANGO,
} from "@/tests/support/django-site";
import { type OwnServer, ownServer } from "@/tests/support/own-server";
import { signIn } from "@/tests/support/people";
import { type RunningApp, startApp } from "@/tests/support/running-app";
import { change, rows } from "@/tests/support/sql";

// A server of this file's own: what it counts are all statements of a server.
let server: OwnServer;
let app: RunningApp;
let user: TestUser;
let cookie: string;
const projectUrl = process.env.DATABASE_URL;

beforeAll(async () => {
  server = await ownServer();
  process.env.DATABASE_URL = server.url;
  // A site that sends no mail, and so looks for none every two seconds.
  app = await startApp({ APP_URL: "http://site.example", ALLOW_INSECURE_HTTP: "1" });
  user = await newUser();
  cookie = await signIn(app, user);
});

afterAll(async () => {
  await app.stop();
  await server.stop();
  process.env.DATABASE_URL = projectUrl;
});

const KINDS = ["select", "update", "insert", "delete", "begin", "commit", "stmt_prepare"];

/** How many statements of each kind the server has run, for whomever. */
async function counters(): Promise<Map<string, number>> {
  const names = KINDS.map((kind) => `'Com_${kind}'`).join(", ");
  const found = await rows(`SHOW GLOBAL STATUS WHERE Variable_name IN (${names})`);
  return new Map(found.map((row) => [String(row.Variable_name).slice(4), Number(row.Value)]));
}

/** The statements that the server ran while `work` did; kinds that it ran none of are left out. */
async function statementsOf(work: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = await counters();
  await work();
  const after = await counters();
  const ran = [...after].map(([kind, count]) => [kind, count - (before.get(kind) ?? 0)] as const);
  return Object.fromEntries(ran.filter(([, count]) => count > 0));
}

async function ask(path: string, times: number): Promise<void> {
  for (let asked = 0; asked < times; asked += 1)
    expect((await app.request(path, withCookie(cookie))).status).toBe(200);
}

const PATHS = ["/api/session", "/dashboard"];

test.each(PATHS)("RL-12: a signed-in GET of %s is one select and nothing else", async (path) => {
  await ask(path, 1);
  expect(await statementsOf(() => ask(path, 10))).toEqual({ select: 10 });
});

test("RL-12: a page of the console reads who asks once, and so does its 404", async () => {
  const staff = await newUser({ role: "admin" });
  const theirs = await signIn(app, staff);
  const ask = async (path: string, whose: string) =>
    (await app.request(path, withCookie(whose))).status;
  expect(await ask("/admin/users/new", theirs)).toBe(200);
  const ran = await statementsOf(async () => {
    for (let asked = 0; asked < 5; asked += 1) {
      expect(await ask("/admin/users/new", theirs)).toBe(200);
      expect(await ask("/admin/users/new", cookie)).toBe(404);
    }
  });
  expect(ran).toEqual({ select: 10 });
});

test.each(PATHS)("RL-12: after the touch interval %s costs one update, once", async (path) => {
  await ask(path, 1);
  const lastActivity = async () =>
    (await rows("SELECT last_activity_at FROM sessions WHERE user_id = ?", [user.id]))[0]
      ?.last_activity_at;
  await change(
    "UPDATE sessions SET last_activity_at = last_activity_at - INTERVAL 61 SECOND WHERE user_id = ?",
    [user.id],
  );
  const before = await lastActivity();
  const beforeAll = await counters();
  await ask(path, 5);
  await expect.poll(async () => (await lastActivity()) > before).toBe(true);
  await ask(path, 5);
  const updates = ((await counters()).get("update") ?? 0) - (beforeAll.get("update") ?? 0);
  expect(updates).toBe(1);
});

test("RL-12: 500 requests of one cookie cost one update", async () => {
  const person = await newUser();
  const theirs = await signIn(app, person);
  await change(
    "UPDATE sessions SET last_activity_at = last_activity_at - INTERVAL 2 MINUTE WHERE user_id = ?",
    [person.id],
  );
  const lastActivity = async () =>
    (await rows("SELECT last_activity_at AS at FROM sessions WHERE user_id = ?", [person.id]))[0]
      ?.at;
  const first = await lastActivity();
  const before = (await counters()).get("update") ?? 0;
  for (let round = 0; round < 20; round += 1)
    await Promise.all(
      Array.from({ length: 25 }, () => app.request("/api/session", withCookie(theirs))),
    );
  await expect.poll(async () => (await lastActivity()) > first).toBe(true);
  expect(((await counters()).get("update") ?? 0) - before).toBe(1);
});

test("RL-12: a prefetch or a background poll is no activity: no update, even when one is due", async () => {
  await ask("/api/session", 1);
  await change(
    "UPDATE sessions SET last_activity_at = last_activity_at - INTERVAL 61 SECOND WHERE user_id = ?",
    [user.id],
  );
  const headers = [{ "X-Background": "1" }, { "Sec-Purpose": "prefetch" }, { Purpose: "prefetch" }];
  const ran = await statementsOf(async () => {
    for (const header of headers)
      for (const path of PATHS) await app.request(path, withCookie(cookie, { headers: header }));
    // Asked last, so that what the others left behind would have been written by now.
    await app.request("/api/health/ready");
  });
  expect(ran).toEqual({ select: headers.length * PATHS.length + 1 });
});

test.each([
  ["X-Background", { "X-Background": "1" }],
  ["a prefetch", { "Sec-Purpose": "prefetch" }],
])(
  "TE-14: a new browser is written once, at once, whatever %s says, and the end stays",
  async (name, header) => {
    const owner = await newUser();
    const copy = await signIn(app, owner);
    const columns = "user_agent, last_activity_at, expires_at";
    const rowOf = async () =>
      (await rows(`SELECT ${columns} FROM sessions WHERE user_id = ?`, [owner.id]))[0];
    const before = await rowOf();
    const theirs = { headers: { ...header, "User-Agent": `Thief of ${name}` } };
    const ran = await statementsOf(async () => {
      for (let asked = 0; asked < 5; asked += 1)
        await app.request("/api/session", withCookie(copy, theirs));
      // Asked last, so that what the others left behind would have been written by now.
      await expect.poll(async () => (await rowOf())?.user_agent).toBe(`Thief of ${name}`);
      await app.request("/api/health/ready");
    });
    expect([ran.insert, ran.update]).toEqual([2, 1]);
    expect(await rowOf()).toMatchObject({
      last_activity_at: before?.last_activity_at,
      expires_at: before?.expires_at,
    });
    // From the same browser: the first one would be noted anew, after its answer and within the next count.
    const listed = await app.request("/account/sessions", withCookie(copy, theirs));
    expect(listed.text).toContain("Also used from");
  },
);

test("RL-12: a stranger and a garbage cookie cost the database nothing", async () => {
  const ran = await statementsOf(async () => {
    for (const path of ["/", "/sign-in", "/dashboard", "/api/session", "/api/health/live"])
      for (const headers of [{}, { Cookie: "session=garbage" }])
        await app.request(path, { headers });
  });
  expect(ran).toEqual({});
});

test("DJ-7: with the bridge to a Django site on, who is not bridged costs the database nothing more", async () => {
  await makeDjangoTables();
  const bridging = await startApp({
    APP_URL: "http://site.example",
    ALLOW_INSECURE_HTTP: "1",
    ...WITH_DJANGO,
  });
  try {
    const ask = (path: string, headers: Record<string, string> = {}) =>
      bridging.request(path, { headers });
    const counted = async (headers: Record<string, string>) => {
      for (const path of PATHS) await ask(path, headers);
      return statementsOf(async () => {
        for (const path of PATHS)
          for (let asked = 0; asked < 5; asked += 1)
            expect((await ask(path, headers)).status).toBe(200);
      });
    };
    expect(await counted({ Cookie: cookie })).toEqual({ select: 10 });
    // Not even where the browser has been at the Django site.
    expect(await counted({ Cookie: `${cookie}; sessionid=0123456789abcdef` })).toEqual({
      select: 10,
    });
    const moved = await movedUser();
    const there = await signInAtDjango(moved);
    const [own] = (await ask("/session/adopt", { Cookie: there.cookie })).setCookies;
    expect(await counted({ Cookie: `${there.cookie}; ${own?.split(";")[0]}` })).toEqual({
      select: 20,
    });
    const strangers = async () => {
      for (const path of ["/", "/sign-in", "/dashboard", "/api/session"]) await ask(path);
    };
    expect(await statementsOf(strangers)).toEqual({});
  } finally {
    await bridging.stop();
  }
});

/** Ends every connection that the app holds; gives how many there were. */
async function killConnections(): Promise<number> {
  const open = await rows(
    "SELECT ID FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND ID <> CONNECTION_ID()",
  );
  const kills = open.map(({ ID }) => change(`KILL ${Number(ID)}`));
  // One may have gone by itself meanwhile.
  const done = await Promise.allSettled(kills);
  return done.filter(({ status }) => status === "fulfilled").length;
}

// Look-ups that come together may all have gone over one connection.
async function warmPool(): Promise<void> {
  await Promise.all(Array.from({ length: 10 }, () => ask("/api/session", 3)));
}

test("RL-2: after every connection was killed, the next 20 requests one by one are fine", async () => {
  await warmPool();
  expect(await killConnections()).toBeGreaterThan(0);
  for (let asked = 0; asked < 10; asked += 1) for (const path of PATHS) await ask(path, 1);
});

test("RL-2: after every connection was killed, the next 20 requests at once are fine", async () => {
  await warmPool();
  expect(await killConnections()).toBeGreaterThan(0);
  const asked = Array.from({ length: 20 }, (_, index) => ask(PATHS[index % 2] ?? "/", 1));
  await Promise.all(asked);
});

test("RL-2: connections that are killed while they are in use cost no request", async () => {
  let isOver = false;
  const readers = Array.from({ length: 10 }, async () => {
    while (!isOver) for (const path of PATHS) await ask(path, 1);
  });
  const reading = Promise.allSettled(readers);
  let killed = 0;
  for (let round = 0; killed < 50 && round < 500; round += 1) killed += await killConnections();
  isOver = true;
  const failures = (await reading).filter(({ status }) => status === "rejected");
  expect(failures).toEqual([]);
  expect(killed).toBeGreaterThanOrEqual(50);
});

test("RL-2: after every connection was killed, the next sign-in is fine", async () => {
  await warmPool();
  expect(await killConnections()).toBeGreaterThan(0);
  const asking = postJson({ identifier: user.email, password: PASSWORD });
  expect((await app.request("/api/session", asking)).status).toBe(200);
});
