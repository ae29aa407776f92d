import { beforeEach, describe, expect, it } from "vitest";
import { HashingBusy } from "@/lib/account/hashing-threads";
import { type Attempt, Throttled, throttled, typedAccount } from "@/lib/account/throttle";
import { purgeCounts } from "@/lib/account/throttle-purge";
import { change, rows } from "../../support/sql";

let accounts = 0;
let account = "";

beforeEach(() => {
  accounts += 1;
  account = `account ${accounts}`;
});

/** Another address for each number: no test spends another's tries. */
const address = (n: number) => `198.51.${accounts}.${n}`;
const from = (ipAddress: string, knownDeviceId: string | null = null): Attempt => ({
  account,
  ipAddress,
  knownDeviceId,
});

/** Tries so often, one at once or all, and counts how many were looked at. */
async function tries(count: number, attemptOf: (n: number) => Attempt, answer: true | null = null) {
  let checked = 0;
  const refusals: Throttled[] = [];
  const check = async () => {
    checked += 1;
    return answer;
  };
  await Promise.all(
    Array.from({ length: count }, (_, n) =>
      throttled(attemptOf(n), check).catch((error) => {
        if (!(error instanceof Throttled)) throw error;
        refusals.push(error);
      }),
    ),
  );
  return { checked, refusals };
}

const later = (seconds: number) =>
  change("UPDATE throttle SET expire = expire - ? WHERE `key` LIKE ?", [
    seconds * 1000,
    `%${account}%`,
  ]);

describe("one account from one address", () => {
  it("AU-3: of 50 wrong tries at once exactly 10 are looked at", async () => {
    const { checked, refusals } = await tries(50, () => from(address(1)));
    expect([checked, refusals.length]).toEqual([10, 40]);
  });

  it("AU-3: a refusal says after how many seconds the next try may come", async () => {
    const { refusals } = await tries(11, () => from(address(1)));
    expect(refusals[0]?.retryAfterSeconds).toBeGreaterThan(890);
    expect(refusals[0]?.retryAfterSeconds).toBeLessThanOrEqual(900);
  });

  it("AU-3: the tries come back after 15 minutes, and no earlier", async () => {
    await tries(10, () => from(address(1)));
    await later(899);
    expect((await tries(1, () => from(address(1)))).checked).toBe(0);
    await later(1);
    expect((await tries(20, () => from(address(1)))).checked).toBe(10);
  });

  it("RL-4: of 50 right tries at once none is refused", async () => {
    const { checked } = await tries(50, () => from(address(1)), true);
    expect(checked).toBe(50);
  });

  it("AU-3: a right try gives the wrong ones before it back", async () => {
    await tries(9, () => from(address(1)));
    await tries(1, () => from(address(1)), true);
    expect((await tries(20, () => from(address(1)))).checked).toBe(10);
  });

  it("AU-3: a try that could not be looked at is none", async () => {
    const busy = () => Promise.reject(new HashingBusy("for this test"));
    for (let n = 0; n < 12; n += 1)
      await expect(throttled(from(address(1)), busy)).rejects.toThrow(HashingBusy);
    expect((await tries(20, () => from(address(1)))).checked).toBe(10);
  });

  it("AU-3: another address has tries of its own", async () => {
    await tries(20, () => from(address(1)));
    expect((await tries(20, () => from(address(2)))).checked).toBe(10);
  });
});

describe("one address", () => {
  const anyone = (ipAddress: string) => (n: number) => ({
    account: `${account} of ${n}`,
    ipAddress,
    knownDeviceId: null,
  });

  it("AU-3: of 120 tries at as many accounts 100 are looked at", async () => {
    const { checked, refusals } = await tries(120, anyone(address(1)));
    expect([checked, refusals.length]).toEqual([100, 20]);
  });

  it("AU-3: signing in with an account of one's own gives no tries at others back", async () => {
    await tries(100, anyone(address(1)));
    expect((await tries(5, anyone(address(1)), true)).checked).toBe(0);
  });

  it("AU-3: a right try leaves the address as many as it had", async () => {
    await tries(50, anyone(address(1)), true);
    expect((await tries(120, anyone(address(1)))).checked).toBe(100);
  });

  it("AU-5: the addresses of one IPv6 /64 are one", async () => {
    const block = `2001:db8:${accounts}:1`;
    const { checked } = await tries(30, (n) => from(`${block}::${n + 1}`));
    expect(checked).toBe(10);
  });

  it("AU-5: another /64 is another", async () => {
    await tries(20, () => from(`2001:db8:${accounts}:1::1`));
    expect((await tries(20, () => from(`2001:db8:${accounts}:2::1`))).checked).toBe(10);
  });

  it("AU-5: an unknown address, or what is none, is one address too", async () => {
    const { checked } = await tries(30, (n) => from(n % 2 ? "" : "unknown"));
    expect(checked).toBe(10);
  });
});

describe("one account from everywhere", () => {
  const fromEverywhere = (n: number) => from(address(n + 1));

  it("AU-4: 50 wrong tries in a row are looked at, then one in half an hour", async () => {
    const { checked, refusals } = await tries(80, fromEverywhere);
    expect([checked, refusals.length]).toEqual([51, 29]);
    expect(refusals[0]?.retryAfterSeconds).toBeLessThanOrEqual(1800);
    await later(1800);
    expect((await tries(10, (n) => from(address(n + 100)))).checked).toBe(1);
  });

  it("AU-4: fewer than 100 in a day, however patient the tries are", async () => {
    let { checked } = await tries(60, fromEverywhere);
    for (let halfHours = 1; halfHours < 48; halfHours += 1) {
      await later(1800);
      checked += (await tries(2, (n) => from(address(n + 100 + 2 * (halfHours % 50))))).checked;
    }
    expect(checked).toBeLessThan(100);
    expect(checked).toBeGreaterThan(90);
  });

  it("AU-4: the owner's own browser is not shut out", async () => {
    await tries(80, fromEverywhere);
    expect((await tries(1, () => from(address(200)), true)).checked).toBe(0);
    expect((await tries(1, () => from(address(200), "their browser"), true)).checked).toBe(1);
  });

  it("AU-4: nor by tries from its own address", async () => {
    await tries(20, () => from(address(1)));
    expect((await tries(1, () => from(address(1), "their browser"), true)).checked).toBe(1);
  });

  it("AU-4: that browser has 10 tries of its own, wherever it is", async () => {
    const { checked } = await tries(30, (n) => from(address(n + 1), "their browser"));
    expect(checked).toBe(10);
  });

  it("AU-4: a right try ends the row", async () => {
    await tries(80, fromEverywhere);
    await tries(1, () => from(address(200), "their browser"), true);
    expect((await tries(20, (n) => from(address(n + 100)))).checked).toBe(20);
  });
});

it("AU-3: what is counted names the block of an address alone", async () => {
  await tries(1, () => from("2001:db8:aa:bb:cc:dd:ee:ff"));
  const found = await rows("SELECT `key` FROM throttle WHERE `key` LIKE '%20010db800aa00bb%'");
  expect(found.map(({ key }) => String(key))).not.toEqual([]);
  expect(JSON.stringify(found)).not.toContain("00cc");
});

it("AU-3: what is counted does not show what was typed for a name, which may be a password", async () => {
  const typed = "hunter2-typed-into-the-wrong-field";
  const attempt = { account: typedAccount(typed), ipAddress: address(1), knownDeviceId: null };
  await throttled(attempt, async () => null);
  const found = JSON.stringify(await rows("SELECT `key` FROM throttle"));
  expect(found).toContain(typedAccount(typed));
  expect(found).not.toContain(typed);
});

it("AU-3: letter case and normal form make no other account of what was typed", () => {
  const forms = ["José@Example.com", " jose\u0301@example.COM "].map(typedAccount);
  expect(new Set(forms).size).toBe(1);
  expect(typedAccount("jose@example.com")).not.toBe(forms[0]);
});

it("LG-5: counts that are over are purged, and no others", async () => {
  await tries(3, () => from(address(1)));
  await tries(1, () => from(address(2)));
  const counted = () => rows("SELECT `key` FROM throttle WHERE `key` LIKE ?", [`pair:${account}%`]);
  await change("UPDATE throttle SET expire = ? WHERE `key` = ?", [
    Date.now() - 1,
    `pair:${account} ${address(1)}`,
  ]);
  expect(await purgeCounts(new Date())).toBeGreaterThanOrEqual(1);
  expect(await counted()).toEqual([{ key: `pair:${account} ${address(2)}` }]);
});
