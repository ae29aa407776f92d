import { describe, expect, it } from "vitest";
import { BadCursor } from "@/lib/cursor";
import { endSessionById } from "@/lib/session/end";
import { startSession } from "@/lib/session/lifecycle";
import { type LiveFilter, searchLive } from "@/lib/session/search";
import { given } from "../../support/given";
import { plansOf } from "../../support/plans";
import { aUser, DEVICE, METHODS, setColumn, signedIn } from "../../support/signed-in";

const now = () => new Date();
const secondsAgo = (seconds: number) => new Date(Date.now() - seconds * 1000);

async function ids(filter: LiveFilter, limit = 50): Promise<string[]> {
  const { sessions } = await searchLive(filter, { limit }, now());
  return sessions.map(({ session }) => session.id);
}

async function startedFrom(device: { ipAddress?: string; userAgent?: string }) {
  const user = await aUser();
  const from = { ...DEVICE, ...device };
  return given(
    startSession({ user, methods: METHODS, persistent: false, device: from, replaced: [] }, now()),
  );
}

/** Sessions of a new user, the oldest activity first. */
async function some(count: number) {
  const user = await aUser();
  const made: string[] = [];
  for (let n = count; n > 0; n -= 1)
    made.push((await signedIn({ user, now: secondsAgo(n) })).session.id);
  return { user, made };
}

/** Every id, page by page. */
async function walk(filter: LiveFilter, limit: number, between: () => Promise<unknown>) {
  const met: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await searchLive(filter, { limit, cursor }, now());
    met.push(...page.sessions.map(({ session }) => session.id));
    if (page.nextCursor === null) return met;
    cursor = page.nextCursor;
    await between();
  }
}

describe("pages of live sessions", () => {
  it("newest activity first, each session once, the last page says so", async () => {
    const { user, made } = await some(7);
    expect(await walk({ userId: user.id }, 3, async () => {})).toEqual(made.toReversed());
    expect(await walk({ userId: user.id }, 7, async () => {})).toEqual(made.toReversed());
  });

  it("stay as they are while sessions start", async () => {
    const { user, made } = await some(6);
    const met = await walk({ userId: user.id }, 2, () => signedIn({ user }));
    expect(met).toEqual(made.toReversed());
  });

  it("of one and the same time are told apart by id", async () => {
    const user = await aUser();
    const at = secondsAgo(5);
    const made = await Promise.all(Array.from({ length: 5 }, () => signedIn({ user, now: at })));
    const met = await walk({ userId: user.id }, 2, async () => {});
    expect(met.toSorted()).toEqual(made.map(({ session }) => session.id).toSorted());
  });

  it("refuse a cursor that is none of theirs", async () => {
    await expect(searchLive({}, { limit: 5, cursor: "WzEsMl0" }, now())).rejects.toThrow(BadCursor);
  });

  it("hold no session that has ended", async () => {
    const { user, made } = await some(2);
    await endSessionById({ id: made[0] ?? "", reason: "revoked" }, now());
    await setColumn(made[1] ?? "", "expires_at", secondsAgo(1));
    expect(await ids({ userId: user.id })).toEqual([]);
  });
});

describe("live sessions by", () => {
  it("SID-5: nothing gives what signs in, or the application's data", async () => {
    const { user } = await some(1);
    const { sessions } = await searchLive({ userId: user.id }, { limit: 1 }, now());
    expect(JSON.stringify(sessions)).not.toMatch(/secret|hash|data/i);
    expect(sessions[0]?.user).toEqual(user);
  });

  it("address: the whole, or its beginning, and nothing that only looks like it", async () => {
    const one = (await startedFrom({ ipAddress: "198.51.100.7" })).session.id;
    const two = (await startedFrom({ ipAddress: "198.51.100.71" })).session.id;
    const six = (await startedFrom({ ipAddress: "2001:db8:77::1" })).session.id;
    expect((await ids({ address: "198.51.100.7" })).toSorted()).toEqual([one, two].toSorted());
    expect(await ids({ address: "198.51.100.71" })).toEqual([two]);
    expect(await ids({ address: "2001:db8:77:" })).toEqual([six]);
    for (const address of ["51.100.7", "198_51", "%", "8.8.8.8"])
      expect(await ids({ address })).toEqual([]);
  });

  it("browser: a word in any letter case, taken as it is typed", async () => {
    const { session } = await startedFrom({ userAgent: "Rare%Browser_1/2.0" });
    for (const browser of ["rare%browser_1", "RARE%BROWSER", "r_1/2"])
      expect(await ids({ browser })).toEqual([session.id]);
    for (const browser of ["rare browser", "Rare_Browser", "%1/2.0"])
      expect(await ids({ browser })).toEqual([]);
  });

  it("several at once", async () => {
    const mine = await startedFrom({ ipAddress: "192.0.2.99", userAgent: "Odd/1" });
    await startedFrom({ ipAddress: "192.0.2.99", userAgent: "Even/1" });
    expect(await ids({ address: "192.0.2.99", browser: "odd" })).toEqual([mine.session.id]);
    const { userId } = mine.session;
    expect(await ids({ userId, address: "192.0.2.98" })).toEqual([]);
  });
});

describe("RL-12: the way to", () => {
  const sessionsOf = async (filter: LiveFilter) => {
    const plans = await plansOf(() => searchLive(filter, { limit: 50 }, now()));
    return plans.filter(({ table }) => table === "sessions").at(-1);
  };

  it("the newest activity is an index in that order: nothing is sorted", async () => {
    const inOrder = { key: "sessions_ended_activity", isSorted: false };
    expect(await sessionsOf({})).toMatchObject(inOrder);
    expect(await sessionsOf({ browser: "x" })).toMatchObject(inOrder);
  });

  it("a user's, and an address's, is theirs", async () => {
    const { userId } = (await startedFrom({})).session;
    expect(await sessionsOf({ userId })).toMatchObject({ key: "sessions_user_ended" });
    expect(await sessionsOf({ address: "8." })).toMatchObject({ key: "sessions_ended_address" });
  });
});
