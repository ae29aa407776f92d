import { describe, expect, it } from "vitest";
import { BadCursor } from "@/lib/cursor";
import { networkOf } from "@/lib/device";
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

  it("person: a part of a user name, a name or an email in any letter case, or an id", async () => {
    const user = await aUser();
    const { id } = (await signedIn({ user })).session;
    const { username, email, name } = user;
    for (const person of [username.slice(1, -1), email.toUpperCase(), name, String(user.id)])
      expect(await ids({ person })).toContain(id);
    for (const person of ["%", "_", `${username}x`]) expect(await ids({ person })).toEqual([]);
  });

  it("id: that one, if it lives", async () => {
    const { id } = (await startedFrom({})).session;
    expect(await ids({ id })).toEqual([id]);
    await endSessionById({ id, reason: "revoked" }, now());
    expect(await ids({ id })).toEqual([]);
  });

  it("network: whole octets or not, of either family, however an address is written", async () => {
    const from = async (ipAddress: string) => (await startedFrom({ ipAddress })).session.id;
    const low = await from("100.64.16.0");
    const high = await from("100.64.31.255");
    const beyond = await from("100.64.32.0");
    const six = await from("2001:db8:99::1");
    const sixInFull = await from("2001:0DB8:0099:0000:0000:0000:0000:0002");
    await from("none");
    const found = async (text: string) => {
      const network = networkOf(text);
      if (!network) throw new Error(`${text} is no network`);
      return (await ids({ network })).toSorted();
    };
    expect(await found("100.64.16.0/20")).toEqual([low, high].toSorted());
    expect(await found("100.64.20.1/20")).toEqual([low, high].toSorted());
    expect(await found("100.64.0.0/16")).toEqual([low, high, beyond].toSorted());
    expect(await found("100.64.32.0")).toEqual([beyond]);
    expect(await found("2001:db8:99::/48")).toEqual([six, sixInFull].toSorted());
    expect(await found("2001:db8:99::2")).toEqual([sixInFull]);
    expect(await found("100.65.0.0/16")).toEqual([]);
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
    expect(await sessionsOf({ person: "x" })).toMatchObject(inOrder);
  });

  it("a user's, and an address's, is theirs", async () => {
    const { userId } = (await startedFrom({})).session;
    expect(await sessionsOf({ userId })).toMatchObject({ key: "sessions_user_ended" });
    const byAddress = { key: "sessions_ended_address" };
    expect(await sessionsOf({ address: "8." })).toMatchObject(byAddress);
    const network = networkOf("8.8.0.0/14") ?? undefined;
    expect(await sessionsOf({ network })).toMatchObject(byAddress);
  });
});
