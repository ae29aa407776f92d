import { describe, expect, it } from "vitest";
import { isDatabaseUnavailable } from "@/lib/db/errors";
import { asLeader, nowAndThen } from "@/lib/db/leader";
import { change, number } from "../../support/sql";

const done = async () => "done";
// Asked over a connection of its own: the one that held a lock could take it a second time.
const nameOf = (name: string) => `CONCAT('gatehouse:${name}:', LEFT(SHA2(DATABASE(), 256), 32))`;
const isFree = async (name: string) => (await number(`SELECT IS_FREE_LOCK(${nameOf(name)})`)) === 1;

/** Runs `meanwhile` while somebody leads, and lets that end afterwards. */
async function whileLed<T>(name: string, meanwhile: () => Promise<T>) {
  const begun = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  const led = asLeader(name, async () => {
    begun.resolve();
    await end.promise;
    return "led";
  });
  await begun.promise;
  const seen = await meanwhile();
  end.resolve();
  const [outcome] = await Promise.allSettled([led]);
  return { seen, outcome };
}

describe("asLeader", () => {
  it("RL-7: gives what the work gives, and null to a second one meanwhile", async () => {
    const { seen, outcome } = await whileLed("one", () => asLeader("one", done));
    expect(seen).toBeNull();
    expect(outcome).toEqual({ status: "fulfilled", value: "led" });
  });

  it("RL-7: of many at once one leads", async () => {
    const { seen } = await whileLed("many", () =>
      Promise.all(Array.from({ length: 5 }, () => asLeader("many", done))),
    );
    expect(seen).toEqual([null, null, null, null, null]);
  });

  it("RL-7: once it is over the next one leads", async () => {
    const { seen } = await whileLed("next", () => isFree("next"));
    expect([seen, await isFree("next")]).toEqual([false, true]);
    expect(await asLeader("next", done)).toBe("done");
  });

  it("RL-7: work that fails leads no longer", async () => {
    const failing = asLeader("failing", () => Promise.reject(new Error("at work")));
    await expect(failing).rejects.toThrow("at work");
    expect(await isFree("failing")).toBe(true);
    expect(await asLeader("failing", done)).toBe("done");
  });

  it("work of another name is not in the way", async () => {
    const { seen } = await whileLed("here", () => asLeader("there", done));
    expect(seen).toBe("done");
  });

  it("RL-7: a leader whose connection is cut leads no longer", async () => {
    const { seen, outcome } = await whileLed("cut", async () => {
      const holder = () => number(`SELECT IS_USED_LOCK(${nameOf("cut")}) AS id`);
      await change(`KILL ${await holder()}`);
      await expect.poll(holder).toBe(0);
      return asLeader("cut", done);
    });
    expect(seen).toBe("done");
    expect(outcome.status === "rejected" && isDatabaseUnavailable(outcome.reason)).toBe(true);
  });
});

describe("nowAndThen", () => {
  it("RL-7: leaves its work to whoever is at it", async () => {
    let turns = 0;
    const work = async () => {
      turns += 1;
    };
    const both = Promise.withResolvers<void>();
    let others = 0;
    const end = nowAndThen("led", work, { everyMs: 5 });
    // As often as the other, under a name of its own: what it does tells that time has passed.
    const endOther = nowAndThen(
      "not led",
      async () => {
        others += 1;
        if (others === 5) both.resolve();
      },
      { everyMs: 5 },
    );
    try {
      const { seen } = await whileLed("led", async () => {
        const before = turns;
        others = 0;
        await both.promise;
        return turns - before;
      });
      expect(seen).toBe(0);
      await expect.poll(() => turns).toBeGreaterThan(0);
    } finally {
      end();
      endOther();
    }
  });

  it("begins at once where it is told to", async () => {
    let turns = 0;
    const work = async () => {
      turns += 1;
    };
    const end = nowAndThen("at once", work, { everyMs: 3_600_000, isAtOnce: true });
    try {
      await expect.poll(() => turns).toBe(1);
    } finally {
      end();
    }
  });

  it("RL-7: goes on after a turn that failed, until it is ended", async () => {
    let turns = 0;
    const end = nowAndThen(
      "fails once",
      async () => {
        turns += 1;
        if (turns === 1) throw new Error("at work");
      },
      { everyMs: 5 },
    );
    try {
      await expect.poll(() => turns).toBeGreaterThan(1);
    } finally {
      end();
    }
  });
});
