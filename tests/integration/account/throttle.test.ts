import { beforeEach, describe, expect, it } from "vitest";
import {
  accountOf,
  countClosed,
  findClosed,
  isClosed,
  namesOf,
  openAccount,
  typedAccount,
} from "@/lib/auth/closed-accounts";
import { tryPassword, wrongBecause } from "@/lib/auth/password-attempt";
import { BUSY } from "@/lib/auth/password-threads";
import { type Attempt, throttled, WRONG } from "@/lib/auth/throttle";
import { purgeCounts, type Throttled } from "@/lib/auth/throttle-counters";
import { inTransaction } from "@/lib/db/transaction";
import { isRefused } from "@/lib/refused";
import { newUser, type TestUser } from "@/tests/helpers/people";
import { change, number, rows } from "../../support/sql";

let accounts = 0;
let user: TestUser;

beforeEach(async () => {
  accounts += 1;
  user = await newUser();
});

/** Another address for each number: no test spends another's tries. */
const address = (n: number) => `198.${50 + Math.floor(n / 250)}.${accounts}.${n % 250}`;
const at = (ipAddress: string) => ({ ipAddress, userAgent: "" });
const accountFor = ({ id, username, email }: TestUser) => ({ id, username, email });
const from = (ipAddress: string, knownDeviceId: string | null = null): Attempt => ({
  typed: user.username,
  account: accountFor(user),
  device: at(ipAddress),
  knownDeviceId,
});
/** The same by another name: one of the account's, or a made-up one. */
const by = (typed: string | null, ipAddress: string, account: TestUser | null = user): Attempt => ({
  ...from(ipAddress),
  typed,
  account: account && accountFor(account),
});

const AT_ONCE = 10;

/** Tries so often, up to 10 at once, and counts how many were looked at. */
async function tries(count: number, attemptOf: (n: number) => Attempt, isRight = false) {
  let lookedAt = 0;
  let heldBack = 0;
  const refusals: Throttled[] = [];
  const verify = async (held: object | null) => {
    if (held) heldBack += 1;
    else lookedAt += 1;
    return isRight && !held ? { right: true, isEnough: true } : WRONG;
  };
  const tryOne = async (n: number) => {
    const result = await throttled(attemptOf(n), verify, new Date());
    if (!isRefused(result)) return;
    if (result.refused === "throttled") refusals.push(result);
    else expect(result).toEqual(WRONG);
  };
  // Not more at once than have their turn in time on a busy machine.
  for (let begun = 0; begun < count; begun += AT_ONCE) {
    const many = Math.min(AT_ONCE, count - begun);
    await Promise.all(Array.from({ length: many }, (_, n) => tryOne(begun + n)));
  }
  return { lookedAt, heldBack, refusals };
}

/** Rows of this account, under each of its names, move back. */
async function later(seconds: number) {
  for (const name of namesOf(accountFor(user)))
    await change("UPDATE throttle SET expire = expire - ? WHERE `key` LIKE ?", [
      seconds * 1000,
      `%${name}%`,
    ]);
}

describe("one account from one address", () => {
  it("AU-3: of 50 wrong tries at once exactly 10 are looked at", async () => {
    const { lookedAt, refusals } = await tries(50, () => from(address(1)));
    expect([lookedAt, refusals.length]).toEqual([10, 40]);
  });

  it("AU-3: a try that one count refuses is taken from none", async () => {
    await tries(30, () => from(address(1)));
    const points = "SELECT points FROM throttle WHERE `key` = ?";
    expect(await number(points, [`address:${address(1)}`])).toBe(10);
    expect(await number(points, [`account:${typedAccount(user.username)}`])).toBe(10);
  });

  it("AU-3: a refusal says after how many seconds the next try may come", async () => {
    const { refusals } = await tries(11, () => from(address(1)));
    expect(refusals[0]?.retryAfterSeconds).toBeGreaterThan(890);
    expect(refusals[0]?.retryAfterSeconds).toBeLessThanOrEqual(900);
  });

  it("AU-3: the tries come back after 15 minutes, and no earlier", async () => {
    await tries(10, () => from(address(1)));
    await later(899);
    expect((await tries(1, () => from(address(1)))).lookedAt).toBe(0);
    await later(1);
    expect((await tries(20, () => from(address(1)))).lookedAt).toBe(10);
  });

  it("RL-4: of 50 right tries at once none is refused", async () => {
    const { lookedAt } = await tries(50, () => from(address(1)), true);
    expect(lookedAt).toBe(50);
  });

  it("AU-3: a right try gives the wrong ones before it back", async () => {
    await tries(9, () => from(address(1)));
    await tries(1, () => from(address(1)), true);
    expect((await tries(20, () => from(address(1)))).lookedAt).toBe(10);
  });

  it("AU-3: a try that could not be looked at is none", async () => {
    for (let n = 0; n < 12; n += 1)
      expect(await throttled(from(address(1)), async () => BUSY, new Date())).toEqual(BUSY);
    expect((await tries(20, () => from(address(1)))).lookedAt).toBe(10);
  });

  it("AU-3: another address has tries of its own", async () => {
    await tries(20, () => from(address(1)));
    expect((await tries(20, () => from(address(2)))).lookedAt).toBe(10);
  });
});

describe("one address", () => {
  const anyone = (ipAddress: string) => (n: number) =>
    by(`nobody ${accounts} of ${n}`, ipAddress, null);

  it("AU-3: of 120 tries at as many accounts 100 are looked at", async () => {
    const { lookedAt, refusals } = await tries(120, anyone(address(1)));
    expect([lookedAt, refusals.length]).toEqual([100, 20]);
  });

  it("AU-3: signing in with an account of one's own gives no tries at others back", async () => {
    await tries(100, anyone(address(1)));
    expect((await tries(5, anyone(address(1)), true)).lookedAt).toBe(0);
  });

  it("AU-3: a right try leaves the address as many as it had", async () => {
    await tries(50, anyone(address(1)), true);
    expect((await tries(120, anyone(address(1)))).lookedAt).toBe(100);
  });

  it("AU-5: the addresses of one IPv6 /64 are one", async () => {
    const block = `2001:db8:${accounts}:1`;
    const { lookedAt } = await tries(30, (n) => from(`${block}::${n + 1}`));
    expect(lookedAt).toBe(10);
  });

  it("AU-5: another /64 is another", async () => {
    await tries(20, () => from(`2001:db8:${accounts}:1::1`));
    expect((await tries(20, () => from(`2001:db8:${accounts}:2::1`))).lookedAt).toBe(10);
  });

  it("AU-16: a /56 has 200 tries and a /48 has 400, from however many /64 of theirs", async () => {
    const network = (subnet: number) => `2001:db9:${accounts}:${subnet.toString(16)}::1`;
    const nobody = (n: number, subnet: number) => by(`net ${accounts} ${n}`, network(subnet), null);
    const within56 = await tries(250, (n) => nobody(n, n));
    expect(within56.lookedAt).toBe(200);
    const within48 = await tries(250, (n) => nobody(1000 + n, 256 * (n + 1)));
    expect(within48.lookedAt).toBe(200);
    expect(within48.refusals.every(({ counter }) => counter.name === "address")).toBe(true);
  });

  it("AU-5: an unknown address, or what is none, is one address too", async () => {
    const { lookedAt } = await tries(30, (n) => from(n % 2 ? "" : "unknown"));
    expect(lookedAt).toBe(10);
  });
});

describe("one account from everywhere", () => {
  const fromEverywhere = (n: number) => from(address(n + 1));
  const closedEvents = () =>
    rows(
      "SELECT type, detail FROM events WHERE user_id = ? AND JSON_EXTRACT(detail, '$.closed') IS NOT NULL",
      [user.id],
    );

  it("AU-15: 100 wrong tries in a row are looked at, and then none, however long one waits", async () => {
    const { lookedAt, refusals } = await tries(130, fromEverywhere);
    expect([lookedAt, refusals.length]).toEqual([100, 30]);
    expect(refusals.every(({ isClosed }) => isClosed)).toBe(true);
    expect((await tries(10, (n) => from(address(n + 200)))).lookedAt).toBe(0);
    await later(400 * 86_400);
    const afterwards = await tries(10, (n) => from(address(n + 200)));
    expect([afterwards.lookedAt, afterwards.heldBack]).toEqual([0, 10]);
    const signedIn = await tries(1, () => by(null, address(1)), true);
    expect(signedIn.refusals[0]).toMatchObject({ isClosed: true, retryAfterSeconds: 900 });
  });

  it("AU-15: 250 strangers at once leave connections to others, and 100 are looked at", async () => {
    let [lookedAt, refused, busy, over] = [0, 0, 0, 0];
    const look = async () => {
      lookedAt += 1;
      return WRONG;
    };
    const strangers = Array.from({ length: 250 }, async (_, n) => {
      const result = await throttled(fromEverywhere(n), look, new Date());
      over += 1;
      if (!isRefused(result)) throw new Error("nobody was right");
      if (result.refused === "throttled") refused += 1;
      if (result.refused === "busy") busy += 1;
    });
    // A page of somebody else, asked for after all of them.
    expect(await isClosed(user.id)).toBe(false);
    expect(over).toBeLessThan(50);
    await Promise.all(strangers);
    const through = 250 - busy;
    expect([lookedAt, refused]).toEqual([Math.min(through, 100), Math.max(through - 100, 0)]);
  });

  it("AU-15: its closing is one event, however many tried at once, and a line for lists", async () => {
    const before = await countClosed();
    await tries(99, fromEverywhere);
    expect([await isClosed(user.id), await closedEvents()]).toEqual([false, []]);
    await tries(20, (n) => from(address(n + 200)));
    expect(await isClosed(user.id)).toBe(true);
    expect(await findClosed(100_000)).toContain(user.id);
    expect(await countClosed()).toBeGreaterThan(before);
    const byMail = await tries(5, (n) => by(user.email, address(n + 220)));
    expect(byMail.heldBack).toBe(5);
    expect((await closedEvents()).map(({ type }) => type)).toEqual(["sign_in_throttled"]);
  });

  it("AU-15: a try that could not be looked at closes nothing", async () => {
    await tries(99, fromEverywhere);
    expect(await throttled(from(address(200)), async () => BUSY, new Date())).toEqual(BUSY);
    expect(await isClosed(user.id)).toBe(false);
    expect((await tries(3, (n) => from(address(n + 210)))).lookedAt).toBe(1);
  });

  it("AU-15: the owner's own browser is not shut out, and opens it to everybody", async () => {
    await tries(120, fromEverywhere);
    expect((await tries(1, () => from(address(200)), true)).lookedAt).toBe(0);
    expect((await tries(1, () => from(address(200), "their browser"), true)).lookedAt).toBe(1);
    expect(await isClosed(user.id)).toBe(false);
    expect((await tries(20, (n) => from(address(n + 210)))).lookedAt).toBe(20);
    const [event] = await rows(
      "SELECT detail FROM events WHERE user_id = ? AND type = 'user_updated'",
      [user.id],
    );
    expect(JSON.stringify(event)).toContain("sign_in");
  });

  it("AU-4: nor by tries from its own address", async () => {
    await tries(20, () => from(address(1)));
    expect((await tries(1, () => from(address(1), "their browser"), true)).lookedAt).toBe(1);
  });

  it("AU-15: that browser has 10 tries of its own in 15 minutes, and 100 in a row", async () => {
    const own = (n: number) => from(address(n + 1), "their browser");
    let { lookedAt } = await tries(30, own);
    expect(lookedAt).toBe(10);
    for (let turn = 0; turn < 12; turn += 1) {
      await later(900);
      lookedAt += (await tries(30, own)).lookedAt;
    }
    expect(lookedAt).toBe(100);
    await later(900);
    const { refusals } = await tries(1, own, true);
    expect(refusals[0]).toMatchObject({ counter: { name: "device" }, isClosed: true });
    expect((await tries(1, () => from(address(1), "another of theirs"), true)).lookedAt).toBe(1);
  });

  it("AU-15: wrong tries of a known browser close nothing to strangers, nor theirs to it", async () => {
    await tries(10, (n) => from(address(n + 1), "their browser"));
    const { lookedAt } = await tries(120, fromEverywhere);
    expect(lookedAt).toBe(100);
  });

  it("AU-15: an administrator opens it, once, and that is told", async () => {
    await tries(120, fromEverywhere);
    const open = () =>
      inTransaction((transaction) =>
        openAccount(transaction, accountFor(user), { by: "administrator" }, new Date()),
      );
    expect([await open(), await open()]).toEqual([true, false]);
    expect((await tries(5, () => from(address(1)))).lookedAt).toBe(5);
  });
});

describe("AU-13: known and unknown identifiers", () => {
  it("AU-13: ten tries by name, then one by email: both are answered alike", async () => {
    const [name, mail] = [`name${accounts}`, `name${accounts}@example.com`];
    for (const [account, typed] of [
      [user, [user.username, user.email]],
      [null, [name, mail]],
    ] as const) {
      const [first = "", second = ""] = typed;
      const where = address(account ? 1 : 2);
      const byName = await tries(12, () => by(first, where, account));
      const byMail = await tries(12, () => by(second, where, account));
      const answered = ({ lookedAt, heldBack, refusals }: typeof byName) => [
        lookedAt + heldBack,
        refusals.length,
      ];
      expect([answered(byName), answered(byMail)]).toEqual([
        [10, 2],
        [10, 2],
      ]);
      expect([byName.lookedAt, byMail.lookedAt]).toEqual(account ? [10, 0] : [10, 10]);
    }
  });

  it("AU-13: past the ten of both names together the right password is not looked at", async () => {
    await tries(10, () => by(user.username, address(1)));
    const right = await tries(1, () => by(user.email, address(1)), true);
    expect([right.lookedAt, right.heldBack]).toEqual([0, 1]);
  });

  it("AU-13: name and email together are looked at 100 times in all", async () => {
    const mixed = (n: number) => by(n % 2 ? user.username : user.email, address(n + 1));
    const { lookedAt, heldBack, refusals } = await tries(220, mixed);
    expect([lookedAt, heldBack, refusals.length]).toEqual([100, 100, 20]);
  });

  it("AU-13: no series of tries is answered otherwise, and no more than 10 and 100 are looked at", async () => {
    await compareTwins(1);
  });

  it("AU-13: somebody signed in is refused openly, by what all names together bear", async () => {
    await tries(5, () => by(user.username, address(1)));
    await tries(5, () => by(user.email, address(1)));
    const again = await tries(1, () => by(null, address(1)), true);
    expect([again.lookedAt, again.refusals.length]).toEqual([0, 1]);
  });
});

/** The same random series against an account and against two names of nobody. */
async function compareTwins(seed: number) {
  const real = await newUser();
  const nobody = `twin${accounts}-${seed}`;
  const names = [
    [real.username, nobody],
    [real.email, `${nobody}@example.com`],
  ] as const;
  const random = chance(seed);
  const lookedAt = new Map<string, number>();
  for (let step = 0; step < 320; step += 1) {
    const [known, unknown] = names[random(2)] ?? names[0];
    const where = random(24);
    const now = new Date(Date.now() + step * 1000);
    const ask = async (typed: string, account: TestUser | null) => {
      // Twin addresses, since the tries at both would count for one.
      const ipAddress = `10.${account ? 1 : 2}.${accounts * 8 + seed}.${where}`;
      const verify = async (held: object | null) => {
        if (account && !held) lookedAt.set(ipAddress, (lookedAt.get(ipAddress) ?? 0) + 1);
        return WRONG;
      };
      const result = await throttled(by(typed, ipAddress, account), verify, now);
      if (!isRefused(result) || result.refused !== "throttled") return result;
      const { retryAfterSeconds, isClosed } = result;
      return { retryAfterSeconds, isClosed };
    };
    const [one, other] = await Promise.all([ask(known, real), ask(unknown, null)]);
    expect(one, `seed ${seed}, step ${step}`).toEqual(other);
  }
  const counts = [...lookedAt.values()];
  expect(Math.max(...counts)).toBeLessThanOrEqual(10);
  expect(counts.reduce((sum, each) => sum + each, 0)).toBe(100);
}

/** The same numbers for the same seed (mulberry32). */
function chance(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

describe("what was not looked at, in the log", () => {
  const wrong = async () => wrongBecause("wrong_password");
  const tryAt = (now: Date) => {
    const attempt = {
      typed: user.username,
      account: { ...accountFor(user), knownBrowsersSince: null },
      client: { device: at(address(1)), known: null },
    };
    return tryPassword(attempt, wrong, now);
  };
  const told = async () => {
    const found = await rows(
      "SELECT JSON_EXTRACT(detail, '$.suppressed') AS suppressed FROM events WHERE user_id = ? AND type = 'sign_in_throttled' ORDER BY id",
      [user.id],
    );
    return found.map(({ suppressed }) => (suppressed === null ? 0 : Number(suppressed)));
  };

  it("LG-7: is one event a minute, and the next one counts those between", async () => {
    const begun = new Date();
    const moment = (ms: number) => new Date(begun.getTime() + ms);
    for (let n = 0; n < 10; n += 1) await tryAt(begun);
    await Promise.all(Array.from({ length: 50 }, () => tryAt(begun)));
    expect(await told()).toEqual([0]);
    await tryAt(moment(59_999));
    expect(await told()).toEqual([0]);
    await tryAt(moment(60_000));
    expect(await told()).toEqual([0, 50]);
    await tryAt(moment(120_000));
    expect(await told()).toEqual([0, 50, 0]);
  });

  it("LG-7: what it takes to remember is one row for each counter, and goes after a day", async () => {
    const now = new Date();
    for (let n = 0; n < 15; n += 1) await tryAt(now);
    const noted = "SELECT COUNT(*) FROM throttle WHERE `key` LIKE ?";
    const ofThis = [`noted:pair:${typedAccount(user.username)}%`];
    expect(await number(noted, ofThis)).toBe(1);
    await change("UPDATE throttle SET expire = 1 WHERE `key` LIKE ?", ofThis);
    await purgeCounts(now);
    expect(await number(noted, ofThis)).toBe(0);
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
  await throttled(by(typed, address(1), null), async () => WRONG, new Date());
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
  const pair = `pair:${accountOf(user.id)} `;
  const counted = () => rows("SELECT `key` FROM throttle WHERE `key` LIKE ?", [`${pair}%`]);
  await change("UPDATE throttle SET expire = ? WHERE `key` = ?", [
    Date.now() - 1,
    `${pair}${address(1)}`,
  ]);
  expect(await purgeCounts(new Date())).toBeGreaterThanOrEqual(1);
  expect(await counted()).toEqual([{ key: `${pair}${address(2)}` }]);
});

it("AU-15: for names as typed the latest so many rows of a kind stay, and what an account bears stays", async () => {
  const where = address(2);
  await tries(1, () => from(address(1)));
  // Later than any time that the tests above have made up.
  const now = new Date(Date.now() + 86_400_000);
  for (let n = 0; n < 5; n += 1) {
    const later = new Date(now.getTime() + n * 1000);
    await throttled(by(`made up ${accounts} ${n}`, where, null), async () => WRONG, later);
  }
  await purgeCounts(new Date(), 3);
  const latest = [2, 3, 4].map((n) => typedAccount(`made up ${accounts} ${n}`));
  const left = async (kind: string) => {
    const found = await rows("SELECT `key` FROM throttle WHERE `key` LIKE ?", [`${kind}:%`]);
    return found.map(({ key }) => String(key)).filter((key) => !key.includes(":user "));
  };
  expect((await left("account")).sort()).toEqual(latest.map((name) => `account:${name}`).sort());
  expect((await left("pair")).sort()).toEqual(latest.map((name) => `pair:${name} ${where}`).sort());
  const own = [`account:${accountOf(user.id)}`, `pair:${accountOf(user.id)} ${address(1)}`];
  const kept = "SELECT COUNT(*) FROM throttle WHERE `key` IN (?, ?)";
  expect(await number(kept, own)).toBe(2);
});

it("AU-15: a name as typed is counted for 30 days after the last try at it", async () => {
  await tries(1, () => from(address(1)));
  const end = () =>
    number("SELECT expire FROM throttle WHERE `key` = ?", [
      `account:${typedAccount(user.username)}`,
    ]);
  const days = async () => Math.round(((await end()) - Date.now()) / 86_400_000);
  expect(await days()).toBe(30);
  await later(20 * 86_400);
  expect(await days()).toBe(10);
  await tries(1, () => from(address(2)));
  expect(await days()).toBe(30);
});
