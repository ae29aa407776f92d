import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { closeDatabase, db } from "@/lib/db/connection";
import { touchSession } from "@/lib/session/lifecycle";
import { resumeSession } from "@/lib/session/resume";
import { DEVICE, type SignedIn, signedIn } from "../../support/signed-in";
import { idBytes, rows } from "../../support/sql";

let person: SignedIn;

beforeAll(async () => {
  person = await signedIn();
  // Enough of others that a plan by anything but the key would show.
  for (let n = 0; n < 20; n += 1) await signedIn();
  // What follows is asked one after the other: a pool that begins anew has one connection.
  await closeDatabase();
});
afterAll(closeDatabase);

/** How many statements the server was sent by some work, the two that ask for it apart. */
async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  const before = await questions();
  await work();
  return (await questions()) - before - 1;
}

async function questions(): Promise<number> {
  const [found] = await db().execute(sql`show session status like 'Questions'`);
  const [row] = Array.isArray(found) ? found : [];
  return Number(row && "Value" in row ? row.Value : Number.NaN);
}

describe("a signed-in request", () => {
  it("RL-12: asks the server one statement", async () => {
    const resume = () => resumeSession(person.token, new Date());
    expect(await statementsOf(resume)).toBe(1);
    expect(await statementsOf(async () => [await resume(), await resume()])).toBe(2);
  });

  it("RL-12: is refused by one statement as well", async () => {
    const other = { ...person.token, secret: "another" };
    expect(await statementsOf(() => resumeSession(other, new Date()))).toBe(1);
  });

  it("RL-12: writes its use by one statement, and none when it is not due", async () => {
    const { session, user } = person;
    const touchAt = (ms: number) =>
      touchSession(session, user, DEVICE, new Date(session.createdAt.getTime() + ms));
    expect(await statementsOf(() => touchAt(59_999))).toBe(0);
    expect(await statementsOf(() => touchAt(60_000))).toBe(1);
  });

  it("RL-12: reads by primary key one row of each table", async () => {
    const client = globalThis.gatehouseDatabase?.client;
    if (!client) throw new Error("nothing was asked yet");
    // Listens only: what is asked goes on to the server.
    const asked = vi.spyOn(client, "query");
    await resumeSession(person.token, new Date());
    const [options] = asked.mock.calls[0] ?? [];
    asked.mockRestore();
    expect(options?.sql).toMatch(/ where `sessions`\.`id` = \?$/);
    const plan = await rows(`EXPLAIN FORMAT=TRADITIONAL ${options?.sql}`, [
      idBytes(person.session.id),
    ]);
    expect(plan).toHaveLength(2);
    for (const { key, type, rows: read } of plan)
      expect({ key, type, read: Number(read) }).toEqual({ key: "PRIMARY", type: "const", read: 1 });
  });
});
