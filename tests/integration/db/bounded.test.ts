import { sql } from "drizzle-orm";
import { createConnection, type RowDataPacket } from "mysql2/promise";
import { afterAll, describe, expect, it } from "vitest";
import { closeDatabase, db } from "@/lib/db/connection";
import { isDatabaseUnavailable } from "@/lib/db/errors";
import { inTransaction, type Transaction } from "@/lib/db/transaction";
import type { Token } from "@/lib/session/cookie";
import { endSessionById } from "@/lib/session/end";
import { resumeSession } from "@/lib/session/resume";
import { until } from "../../support/npm";
import { eventsOf, rowOf, signedIn } from "../../support/signed-in";
import { change, number, rows } from "../../support/sql";
import { underSettings } from "../../support/under-settings";

// What lib/db/connection.ts allows itself.
const POOL_SIZE = 10;
const DEADLINE_MS = 2000;

afterAll(closeDatabase);

/** The connections to this file's database but the one that asks. */
const OTHERS =
  "SELECT ID AS id FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND ID <> CONNECTION_ID()";

async function connections(): Promise<number[]> {
  return (await rows(OTHERS)).map(({ id }) => Number(id));
}

async function killAll(): Promise<number> {
  const ids = await connections();
  const connection = await createConnection(process.env.DATABASE_URL ?? "");
  // One may have gone by itself since it was listed.
  for (const id of ids) await connection.query("KILL ?", [id]).catch(() => undefined);
  await connection.end();
  return ids.length;
}

/** Two reads: a session's, which goes together with others of its turn, and one that goes alone. */
async function readTwice(token: Token): Promise<void> {
  const [{ state }] = await Promise.all([
    resumeSession(token, new Date()),
    db().execute(sql`select 1`),
  ]);
  expect(state).toBe("live");
}

describe("connections that were killed", () => {
  it("RL-2: are not noticed by the next read", async () => {
    const { token } = await signedIn();
    for (let round = 0; round < 5; round += 1) {
      expect(await killAll()).toBeGreaterThan(0);
      expect((await resumeSession(token, new Date())).state).toBe("live");
    }
  });

  it("RL-2: nor by many reads at once, of which each had one of its own", async () => {
    const { token } = await signedIn();
    const readMany = () => Promise.all(Array.from({ length: 30 }, () => readTwice(token)));
    await readMany();
    expect(await killAll()).toBeGreaterThan(POOL_SIZE / 2);
    await readMany();
  });

  it("RL-2: nor by the next transaction, which runs once", async () => {
    const { session, user } = await signedIn();
    await killAll();
    expect(await endSessionById({ id: session.id, reason: "revoked" }, new Date())).toBe(true);
    expect(await eventsOf(session.id)).toEqual(["sign_in", "session_revoked revoked"]);
    await killAll();
    await signedIn({ user });
    expect(await number("SELECT COUNT(*) FROM sessions WHERE user_id = ?", [user.id])).toBe(2);
  });

  it("RL-2: under load no read sees an error, however often they are killed", async () => {
    const { token } = await signedIn();
    let isOver = false;
    let reads = 0;
    const readOn = async () => {
      while (!isOver) {
        await readTwice(token);
        reads += 1;
      }
    };
    const readers = Array.from({ length: 8 }, readOn);
    let killed = 0;
    for (let round = 0; round < 10; round += 1) {
      const before = reads;
      killed += await killAll();
      await until(() => reads > before + 20);
    }
    isOver = true;
    await Promise.all(readers);
    expect(killed).toBeGreaterThan(20);
  });

  it("RL-2: a write that was cut short is not written again", async () => {
    await change("CREATE TABLE writes (id int AUTO_INCREMENT PRIMARY KEY, slept int)");
    const write = db().execute(sql`insert into writes (slept) select sleep(1.5)`);
    const isRunning = async () =>
      (await number(
        "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND INFO LIKE 'insert into writes%'",
      )) > 0;
    const outcome = write.then(
      () => null,
      (error: unknown) => error,
    );
    await until(isRunning);
    await killAll();
    expect(isDatabaseUnavailable(await outcome)).toBe(true);
    // Were it asked again, it would run now, and sleep to its end. MySQL keeps what was cut short.
    await until(async () => !(await isRunning()));
    expect(await number("SELECT COUNT(*) FROM writes WHERE slept = 0")).toBe(0);
  });
});

describe("bounds", () => {
  it("RL-11: 100 reads at once use ten connections and no more", async () => {
    const { token } = await signedIn();
    await closeDatabase();
    // One connection watches: a busy server goes on listing those that asked before.
    const watcher = await createConnection(process.env.DATABASE_URL ?? "");
    const others = async () => (await watcher.query<RowDataPacket[]>(OTHERS))[0].length;
    await until(async () => (await others()) === 0);
    let isOver = false;
    let most = 0;
    const watch = (async () => {
      while (!isOver) most = Math.max(most, await others());
    })();
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(Array.from({ length: 50 }, () => readTwice(token)));
    }
    isOver = true;
    await watch;
    await watcher.end();
    expect(most).toBeLessThanOrEqual(POOL_SIZE);
    expect(most).toBeGreaterThan(POOL_SIZE / 2);
  });

  it("RL-11: DATABASE_POOL_SIZE=3 opens three and no more, and all is answered", async () => {
    const small = await underSettings({ DATABASE_POOL_SIZE: "3" }, async () => {
      await closeDatabase();
      return await import("@/lib/db/connection");
    });
    await until(async () => (await connections()).length === 0);
    const watcher = await createConnection(process.env.DATABASE_URL ?? "");
    const sleeps = Array.from({ length: 9 }, () => small.db().execute(sql`select sleep(0.3)`));
    let most = 0;
    let isOver = false;
    const watch = (async () => {
      while (!isOver)
        most = Math.max(most, (await watcher.query<RowDataPacket[]>(OTHERS))[0].length);
    })();
    expect(await Promise.all(sleeps)).toHaveLength(9);
    isOver = true;
    await watch;
    await watcher.end();
    await small.closeDatabase();
    expect(most).toBe(3);
  });

  it("RL-11: no connection is opened before the first statement", async () => {
    await closeDatabase();
    await until(async () => (await connections()).length === 0);
    db();
    // Asked more than once: the server may still list the connection that asked before.
    await expect.poll(connections).toEqual([]);
    await db().execute(sql`select 1`);
    expect(await connections()).toHaveLength(1);
  });

  it("RL-1: a statement that takes longer is given up, and its connection with it", async () => {
    const begun = performance.now();
    const error = await db()
      .execute(sql`select sleep(10)`)
      .catch((fault: unknown) => fault);
    expect(isDatabaseUnavailable(error)).toBe(true);
    expect(performance.now() - begun).toBeLessThan(DEADLINE_MS + 800);
    await db().execute(sql`select 1`);
  });

  it("RL-1: the wait for a connection and the answer have one deadline together", async () => {
    const begun = performance.now();
    const busy = Array.from({ length: POOL_SIZE }, () => db().execute(sql`select sleep(1.2)`));
    const error = await db()
      .execute(sql`select sleep(1.5)`)
      .catch((fault: unknown) => fault);
    expect(isDatabaseUnavailable(error)).toBe(true);
    expect(performance.now() - begun).toBeLessThan(DEADLINE_MS + 500);
    await Promise.all(busy);
  });

  it("RL-1: in a transaction that broke, the rollback does not wait once more", async () => {
    const begun = performance.now();
    const work = inTransaction((transaction) => transaction.execute(sql`select sleep(10)`));
    const error = await work.catch((fault: unknown) => fault);
    expect(isDatabaseUnavailable(error)).toBe(true);
    expect(performance.now() - begun).toBeLessThan(DEADLINE_MS + 800);
  });

  it("a fault of the statement itself is no outage", async () => {
    const error = await db()
      .execute(sql`select nothing from nowhere`)
      .catch((fault: unknown) => fault);
    expect(error).toBeInstanceOf(Error);
    expect(isDatabaseUnavailable(error)).toBe(false);
  });
});

describe("inTransaction", () => {
  it("RL-3: the victim of a deadlock is run again, whole", async () => {
    const [one, other] = [await signedIn(), await signedIn()];
    let runs = 0;
    let waiting = 0;
    const lockBoth = (first: string, second: string) =>
      inTransaction(async (transaction) => {
        runs += 1;
        await touch(transaction, first);
        waiting += 1;
        await until(() => waiting >= 2);
        await touch(transaction, second);
      });
    await Promise.all([
      lockBoth(one.session.id, other.session.id),
      lockBoth(other.session.id, one.session.id),
    ]);
    expect(runs).toBe(3);
    for (const { session } of [one, other])
      expect((await rowOf(session.id))?.user_agent).toBe("locked");
  });

  it("TE-12: what fails leaves nothing behind", async () => {
    const { session } = await signedIn();
    const work = inTransaction(async (transaction) => {
      await touch(transaction, session.id);
      throw new Error("after the write");
    });
    await expect(work).rejects.toThrow("after the write");
    expect((await rowOf(session.id))?.user_agent).not.toBe("locked");
  });
});

async function touch(transaction: Transaction, id: string) {
  const hex = id.replaceAll("-", "");
  await transaction.execute(
    sql`update sessions set user_agent = 'locked' where id = unhex(${hex})`,
  );
}
