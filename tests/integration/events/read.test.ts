import { v7 as uuidv7 } from "uuid";
import { describe, expect, it } from "vitest";
import { BadCursor } from "@/lib/cursor";
import { db } from "@/lib/db/connection";
import type { EventType } from "@/lib/db/schema";
import { networkOf } from "@/lib/device";
import { type EventFilter, failedSignIns, searchEvents, streamEvents } from "@/lib/events/read";
import { recordEvents } from "@/lib/events/record";
import { plansOf } from "../../support/plans";
import { aUser } from "../../support/signed-in";
import { change } from "../../support/sql";

const AT = new Date("2026-03-01T12:00:00.000Z");
const later = (seconds: number) => new Date(AT.getTime() + seconds * 1000);
// Nobody else's: the log keeps those that are gone.
let nextUserId = 5_000_000;

/** So many events of a user, a second apart. */
async function some(count: number, type: EventType = "sign_in", ipAddress = "192.0.2.1") {
  nextUserId += 1;
  const userId = nextUserId;
  const device = { ipAddress, userAgent: "Test/1.0" };
  const all = Array.from({ length: count }, (_, n) => ({ type, at: later(n), userId, device }));
  await recordEvents(db(), all);
  return userId;
}

const seconds = (events: readonly { at: Date }[]) =>
  events.map(({ at }) => (at.getTime() - AT.getTime()) / 1000);

async function walk(filter: EventFilter, limit: number, between: () => Promise<unknown>) {
  const met: number[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await searchEvents(filter, { limit, cursor });
    met.push(...seconds(page.events));
    if (page.nextCursor === null) return met;
    cursor = page.nextCursor;
    await between();
  }
}

describe("searchEvents", () => {
  it("goes from the newest to the oldest, each entry once, while others are written", async () => {
    const userId = await some(7);
    const between = () => recordEvents(db(), [{ type: "sign_out", at: later(100), userId }]);
    expect(await walk({ userId }, 3, between)).toEqual([6, 5, 4, 3, 2, 1, 0]);
  });

  it("tells entries of one moment apart", async () => {
    const userId = await some(1);
    const same = Array.from({ length: 5 }, () => ({ type: "sign_in", at: AT, userId }) as const);
    await recordEvents(db(), same);
    expect(await walk({ userId }, 2, async () => {})).toHaveLength(6);
  });

  it("narrows by type, user, address and time", async () => {
    const userId = await some(3, "reauthenticated", "203.0.113.200");
    await recordEvents(db(), [{ type: "sign_out", at: later(9), userId }]);
    const found = async (filter: EventFilter) =>
      seconds((await searchEvents(filter, { limit: 50 })).events);
    expect(await found({ userId })).toEqual([9, 2, 1, 0]);
    expect(await found({ userId, type: "sign_out" })).toEqual([9]);
    expect(await found({ address: "203.0.113.200" })).toEqual([2, 1, 0]);
    expect(await found({ address: "203.0.113.20" })).toEqual([]);
    expect(await found({ type: "reauthenticated" })).toEqual([2, 1, 0]);
    expect(await found({ userId, since: later(1) })).toEqual([9, 2, 1]);
    expect(await found({ userId, until: later(1) })).toEqual([0]);
    expect(await found({ userId, since: later(1), until: later(2) })).toEqual([1]);
    const all = { userId, type: "reauthenticated", address: "203.0.113.200" } as const;
    expect(await found({ ...all, since: later(2) })).toEqual([2]);
  });

  it("narrows by several users, a session and a network", async () => {
    const [ana, eve] = [
      await some(2, "sign_in", "100.70.1.1"),
      await some(1, "sign_in", "100.71.0.1"),
    ];
    const sessionId = uuidv7();
    await recordEvents(db(), [{ type: "sign_out", at: later(9), userId: ana, sessionId }]);
    const found = async (filter: EventFilter) =>
      seconds((await searchEvents(filter, { limit: 50 })).events);
    expect(await found({ userIds: [ana, eve] })).toEqual([9, 1, 0, 0]);
    expect(await found({ sessionId })).toEqual([9]);
    const network = networkOf("100.70.0.0/15") ?? undefined;
    expect(await found({ network })).toEqual([1, 0, 0]);
    expect(await found({ network, userIds: [eve] })).toEqual([0]);
  });

  it("gives an entry whole", async () => {
    const { id: userId } = await aUser();
    const device = { ipAddress: "2001:db8::1", userAgent: "Test/2" };
    const detail = { reason: "revoked" };
    await recordEvents(db(), [
      { type: "session_revoked", at: AT, userId, actorId: 7, device, detail },
    ]);
    const { events } = await searchEvents({ userId }, { limit: 1 });
    expect(events).toEqual([
      {
        id: expect.any(Number),
        at: AT,
        type: "session_revoked",
        userId,
        actorId: 7,
        sessionId: null,
        ...device,
        detail,
      },
    ]);
  });

  it("refuses a cursor that is none of its own", async () => {
    await expect(searchEvents({}, { limit: 1, cursor: "WyJ4Il0" })).rejects.toThrow(BadCursor);
  });

  it("with two filters looks at 5,000 entries a page, and says that it goes on", async () => {
    const userId = await some(1, "password_changed", "198.51.100.250");
    await change(
      `INSERT INTO events (at, type, user_id, ip_address)
       WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 1000)
       SELECT ? + INTERVAL 1 HOUR, 'sign_in', ?, '198.51.100.250'
       FROM counted CROSS JOIN (SELECT n FROM counted LIMIT 6) AS six`,
      [AT, userId],
    );
    const filter = { address: "198.51.100.250", type: "password_changed" } as const;
    const first = await searchEvents(filter, { limit: 50 });
    expect(first.events).toEqual([]);
    const second = await searchEvents(filter, { limit: 50, cursor: first.nextCursor ?? "" });
    expect(second).toMatchObject({ events: [{ userId }], nextCursor: null });
  });
});

describe("streamEvents", () => {
  it("gives every entry of a log that is longer than a batch", async () => {
    const userId = await some(2101);
    const met: number[] = [];
    for await (const { id } of streamEvents({ userId })) met.push(id);
    expect(new Set(met).size).toBe(2101);
    expect(met).toEqual(met.toSorted((a, b) => b - a));
  });
});

describe("failedSignIns", () => {
  it("LG-3: those of that user alone, failed or held back, since then", async () => {
    const [userId, other] = [await some(3, "sign_in_failed"), await some(2, "sign_in_failed")];
    await recordEvents(db(), [
      { type: "sign_in_throttled", at: later(5), userId },
      { type: "sign_in", at: later(6), userId },
    ]);
    expect(seconds(await failedSignIns(userId, later(1), 10))).toEqual([5, 2, 1]);
    expect(seconds(await failedSignIns(userId, later(1), 2))).toEqual([5, 2]);
    expect(await failedSignIns(other, later(0), 10)).toHaveLength(2);
  });
});

describe("RL-12: the log is walked by an index in its order", () => {
  it.each<[string, EventFilter]>([
    ["events_at", {}],
    ["events_at", { since: AT, until: later(9) }],
    ["events_type_at", { type: "sign_in" }],
    ["events_user_at", { userId: 1 }],
    ["events_address_at", { address: "192.0.2.1" }],
    ["events_user_at", { userId: 1, type: "sign_in", address: "192.0.2.1", since: AT }],
  ])("%s for %j", async (key, filter) => {
    const plans = await plansOf(() => searchEvents(filter, { limit: 50 }));
    expect(plans.at(-1)).toEqual({ table: "events", key, isSorted: false });
  });
});
