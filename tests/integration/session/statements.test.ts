import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeDatabase, db } from "@/lib/db/connection";
import { touchSession } from "@/lib/session/lifecycle";
import { resumeSession } from "@/lib/session/resume";
import { statementsDuring } from "../../support/asked-statements";
import { DEVICE, type SignedIn, signedIn } from "../../support/signed-in";
import { rows } from "../../support/sql";

const hex = (id: string) => id.replaceAll("-", "");

let person: SignedIn;
const others: SignedIn[] = [];

beforeAll(async () => {
  person = await signedIn();
  // Enough that a plan by anything but the key would show.
  for (let n = 0; n < 20; n += 1) others.push(await signedIn());
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
    const { token, session } = person;
    const [asked] = await statementsDuring(() => resumeSession(token, new Date()));
    expect(asked).toMatch(/ where `sessions`\.`id` = unhex\(\?\)$/);
    const plan = await rows(`EXPLAIN FORMAT=TRADITIONAL ${asked}`, [hex(session.id)]);
    expect(plan).toHaveLength(2);
    for (const { key, type, rows: read } of plan)
      expect({ key, type, read: Number(read) }).toEqual({ key: "PRIMARY", type: "const", read: 1 });
  });

  it.each([2, 5, 16])("RL-12: %s at once read by primary key as many rows", async (count) => {
    const resumeAll = () =>
      Promise.all(others.slice(0, count).map(({ token }) => resumeSession(token, new Date())));
    const asked = await statementsDuring(resumeAll);
    expect(asked).toHaveLength(1);
    const ids = others.slice(0, count).map(({ session }) => hex(session.id));
    const size = asked[0]?.match(/\?/g)?.length ?? 0;
    const values = Array.from({ length: size }, (_, n) => ids[Math.min(n, count - 1)] ?? null);
    const plan = await rows(`EXPLAIN FORMAT=TRADITIONAL ${asked[0]}`, values);
    const [ofSessions, ofUsers] = ["sessions", "users"].map((name) =>
      plan.find(({ table }) => table === name),
    );
    expect(ofSessions).toMatchObject({ key: "PRIMARY", type: "range" });
    expect(Number(ofSessions?.rows)).toBeLessThanOrEqual(count);
    expect(ofUsers).toMatchObject({ key: "PRIMARY", type: "eq_ref" });
  });
});
