import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";
import { createConnection } from "mysql2/promise";
import { v7 as uuidv7 } from "uuid";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Source } from "@/lib/db/bounded-client";
import { sourceOf } from "@/lib/db/connection";
import { isDatabaseUnavailable } from "@/lib/db/errors";
import { LookUps, type Question, SIZES } from "@/lib/db/look-up";
import { type FaultyProxy, faultyProxy } from "../../support/faulty-proxy";
import { change, idBytes } from "../../support/sql";

const DEADLINE_MS = 2000;
const ROWS = 2000;
const CONNECTIONS = 5;

const ids = Array.from({ length: ROWS }, () => idBytes(uuidv7()));
/** What the row of an id says of itself. */
const words = (id: Buffer) => `I am ${id.toString("hex")}`;
const [broken = Buffer.alloc(16), changing = Buffer.alloc(16)] = ids;

// The server cannot say whether one of two rows is true: so it refuses a statement that reads `broken`.
const question: Question = SIZES.map(
  (size) =>
    `select id, words, if(words = 'broken', (select 1 union select 2), 0), times from things
     where id in (${Array.from({ length: size }, () => "unhex(?)").join(", ")})`,
);

let proxy: FaultyProxy;
let source: Source;
let lookUps: LookUps;

beforeAll(async () => {
  await change("CREATE TABLE things (id binary(16) PRIMARY KEY, words text, times int DEFAULT 0)");
  const values = ids.map((id) => [id, words(id)]);
  const connection = await createConnection(process.env.DATABASE_URL ?? "");
  await connection.query("INSERT INTO things (id, words) VALUES ?", [values]);
  await connection.query("UPDATE things SET words = 'broken' WHERE id = ?", [broken]);
  await connection.end();
});

afterAll(() => change("DROP TABLE things"));

beforeEach(async () => {
  proxy = await faultyProxy(process.env.DATABASE_URL ?? "");
  source = sourceOf([proxy.url]);
  lookUps = new LookUps(source, DEADLINE_MS, CONNECTIONS);
});

afterEach(async () => {
  await source.end();
  await proxy.stop();
});

const find = (id: Buffer) => lookUps.find(question, id.toString("hex"));

async function expectFound(id: Buffer): Promise<void> {
  const row = await find(id);
  expect([row?.[0], row?.[1]]).toEqual([id, words(id)]);
}

/** Holds this process up, as a busy machine does. */
function standStill(forMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, forMs);
}

/** What the server counted on the connection that is used last, as it is used again first. */
async function counted(name: string): Promise<number> {
  return new Promise((resolve, reject) => {
    source.getConnection((_, connection) =>
      connection.query<never>("SHOW SESSION STATUS LIKE ?", [name], (error, rows: never[]) => {
        connection.release();
        if (error) reject(error);
        else resolve(Number(Object.values(rows[0] ?? {}).at(-1)));
      }),
    );
  });
}

describe("look-ups", () => {
  it("find a row by its id, and none where there is none", async () => {
    await expectFound(ids[2] ?? broken);
    expect(await find(idBytes(uuidv7()))).toBeNull();
  });

  it("of one turn go together, each id once", async () => {
    const some = ids.slice(2, 12);
    await Promise.all([...some, ...some, ...some].map(expectFound));
    expect(lookUps.counts).toMatchObject({ answered: 30, statements: 1 });
  });

  it("are split where one statement cannot hold them, and prepared once a size", async () => {
    const many = (count: number) => Promise.all(ids.slice(2, count + 2).map(expectFound));
    await many(100);
    expect(lookUps.counts).toMatchObject({ answered: 100, statements: 4 });
    for (let round = 0; round < 3; round += 1)
      for (const count of [1, 2, 3, 5, 9, 17]) await many(count);
    const before = await counted("Com_stmt_prepare");
    for (const count of [1, 2, 3, 4, 5, 8, 9, 16, 17, 32]) await many(count);
    expect((await counted("Com_stmt_prepare")) - before).toBe(0);
    expect(before).toBeLessThanOrEqual(SIZES.length);
  });

  it("see what was committed before they were asked for, however many run", async () => {
    let isOver = false;
    const reading = Array.from({ length: 20 }, async () => {
      while (!isOver) await find(changing);
    });
    const connection = await createConnection(process.env.DATABASE_URL ?? "");
    for (let times = 1; times <= 300; times += 1) {
      await connection.query("UPDATE things SET times = ? WHERE id = ?", [times, changing]);
      expect((await find(changing))?.[3]).toBe(times);
    }
    isOver = true;
    await Promise.all(reading);
    await connection.end();
  });

  it("that the server refuses harm nobody who asks in the same turn", async () => {
    const refused = find(broken).catch((error: unknown) => error);
    await Promise.all(ids.slice(2, 20).map(expectFound));
    expect(await refused).toMatchObject({ errno: 1242 });
    expect(lookUps.counts).toMatchObject({ connectionsLost: 0 });
  });

  it("RL-1: end within their time where nothing answers, also those that wait", async () => {
    await Promise.all(ids.slice(2, 200).map(expectFound));
    const letGo = proxy.hold();
    const begun = performance.now();
    const asked = Array.from({ length: 500 }, (_, n) => find(ids[n] ?? broken));
    for (const outcome of await Promise.allSettled(asked)) {
      expect(outcome.status === "rejected" && isDatabaseUnavailable(outcome.reason)).toBe(true);
    }
    expect(performance.now() - begun).toBeLessThan(DEADLINE_MS + 500);
    letGo();
    await expectFound(ids[2] ?? broken);
  });

  it("RL-1: whose answers came while the process stood still are answered, not given up", async () => {
    lookUps = new LookUps(source, 200, CONNECTIONS);
    await expectFound(ids[2] ?? broken);
    const reading = Promise.all(ids.slice(2, 12).map(expectFound));
    await nextTurn();
    standStill(600);
    await reading;
    expect(lookUps.counts).toMatchObject({ answered: 11, askedAgain: 0, connectionsLost: 0 });
  });

  it("RL-1: are refused at once where too many wait already", async () => {
    const asked = Array.from({ length: 2100 }, (_, n) => find(ids[1 + (n % 1000)] ?? changing));
    const outcomes = await Promise.allSettled(asked);
    const refused = outcomes.filter((each) => each.status === "rejected");
    expect(refused).toHaveLength(100);
    expect(refused.every(({ reason }) => isDatabaseUnavailable(reason))).toBe(true);
  });
});

describe("100,000 look-ups while connections break", () => {
  const LOOK_UPS = 100_000;

  /** The same order of faults each time. */
  function numbers(): (below: number) => number {
    let state = 7;
    return (below) => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((state / 2_147_483_648) * below);
    };
  }

  it("RL-2: find each the row of its own id, once, and what broke is counted", async () => {
    const below = numbers();
    const known = new Set(ids.slice(1));
    const wrong: unknown[] = [];
    let [asked, done, cut, held, heldAt] = [0, 0, 0, 0, 0];
    const ask = async (): Promise<void> => {
      asked += 1;
      const id = (below(10) > 0 && ids[1 + below(ROWS - 1)]) || idBytes(uuidv7());
      const row = await find(id).catch((error: unknown) => [error]);
      done += 1;
      const isRight = known.has(id)
        ? String(row?.[0]) === String(id) && row?.[1] === words(id)
        : row === null;
      if (!isRight) wrong.push({ id, row });
    };
    const all: Promise<void>[] = [];
    while (asked < LOOK_UPS) {
      for (let more = 1 + below(80); more > 0; more -= 1) all.push(ask());
      if (below(40) === 0 && proxy.cut()) cut += 1;
      // Their answers come when the look-ups have long been asked again; no look-up is met by two.
      if (performance.now() > heldAt + DEADLINE_MS) {
        heldAt = performance.now();
        held += 2;
        void delay(DEADLINE_MS * 0.75).then(proxy.hold(2));
      }
      await (asked - done > 500 ? delay(5) : nextTurn());
      if (below(2) === 0) await delay(1);
    }
    await Promise.all(all);
    expect(wrong).toEqual([]);
    const { counts } = lookUps;
    expect(counts.answered).toBe(asked);
    expect(counts.askedAgain).toBeGreaterThan(held);
    expect(counts.connectionsLost).toBeGreaterThan(held);
    expect(counts.connectionsLost).toBeLessThanOrEqual(cut + held);
    expect(proxy.opened()).toBeLessThanOrEqual(CONNECTIONS + cut + held);
  });
});
