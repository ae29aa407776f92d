// How long a sign-in that fails takes, by its cause: nobody may tell them apart (ASVS 6.3.8).
// Run it by: node scripts/run.mjs bench/sign-in-times.ts
import { runProgram } from "../scripts/program";
import { withApp } from "./app";
import { median } from "./median";

const TRIES = 200;
const WRONG = "a password that is nobody's";

/** Whom each kind of try names, by its number. */
type Kinds = Record<string, (n: number) => { identifier: string; address: string }>;

await runProgram(async (stop) => {
  // Each try from an address of its own, so that the throttle lets all through but those it should not.
  const settings = { LOG_LEVEL: "warn", TRUST_PROXY: "1", PASSWORD_HASH_COST: "12" };
  await withApp(settings, stop, async ({ origin }) => {
    const kinds = await makePeople();
    for (let n = 0; n < 10; n += 1)
      for (const kind of ["throttled", "throttled, unknown"]) {
        const who = kinds[kind]?.(n);
        if (who) await tryOnce(origin, who);
      }
    const took = new Map<string, number[]>();
    const statuses = new Map<string, Set<number>>();
    for (let n = 0; n < TRIES; n += 1)
      for (const [kind, whoOf] of Object.entries(kinds)) {
        stop.throwIfAborted();
        const { ms, status } = await tryOnce(origin, whoOf(n));
        took.set(kind, [...(took.get(kind) ?? []), ms]);
        statuses.set(kind, (statuses.get(kind) ?? new Set()).add(status));
      }
    print(took, statuses);
  });
  return 0;
});

async function makePeople(): Promise<Kinds> {
  // Not before DATABASE_URL is set: these read it when they are first used.
  const { createUser } = await import("@/lib/account/users");
  const { changeUser } = await import("@/lib/account/change-user");
  const { hashPassword } = await import("@/lib/account/password");
  const { closeDatabase } = await import("@/lib/db/connection");
  const { closeHashingThreads } = await import("@/lib/account/hashing-threads");
  const passwordHash = await hashPassword("the password of everybody here");
  const run = Date.now();
  const now = new Date();
  for (let n = 0; n < TRIES; n += 1)
    for (const kind of ["wrong", "disabled"]) {
      const username = `${kind}-${run}-${n}`;
      const person = {
        username,
        email: `${username}@example.com`,
        name: "",
        role: "member",
      } as const;
      const { id } = await createUser({ ...person, passwordHash }, now);
      if (kind === "disabled") await changeUser({ userId: id }, { status: "disabled" }, now);
    }
  await Promise.all([closeDatabase(), closeHashingThreads()]);
  const address = (n: number) => `10.${n % 250}.${Math.floor(n / 250)}.1`;
  const same = "192.0.2.1";
  return {
    "wrong password": (n) => ({ identifier: `wrong-${run}-${n}`, address: address(n) }),
    "unknown user": (n) => ({ identifier: `nobody-${run}-${n}`, address: address(n + 200) }),
    "disabled user": (n) => ({ identifier: `disabled-${run}-${n}`, address: address(n + 400) }),
    throttled: () => ({ identifier: `wrong-${run}-0`, address: same }),
    "throttled, unknown": () => ({ identifier: `nobody-${run}-0`, address: same }),
  };
}

async function tryOnce(
  origin: string,
  { identifier, address }: { identifier: string; address: string },
) {
  const begun = performance.now();
  const { status } = await fetch(`${origin}/api/session`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "Sec-Fetch-Site": "same-origin",
      "X-Forwarded-For": address,
    },
    body: JSON.stringify({ identifier, password: WRONG }),
  });
  return { status, ms: performance.now() - begun };
}

function print(took: Map<string, number[]>, statuses: Map<string, Set<number>>): void {
  const usual = median(took.get("wrong password") ?? []);
  console.table(
    [...took].map(([kind, times]) => ({
      kind,
      tries: times.length,
      answered: [...(statuses.get(kind) ?? [])].join(),
      "median ms": Number(median(times).toFixed(1)),
      "÷ wrong password": Number((median(times) / usual).toFixed(3)),
    })),
  );
}
