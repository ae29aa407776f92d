// How long a sign-in that fails takes, by its cause and the kind of the stored hash: nobody may tell
// them apart (ASVS 6.3.8). A few tries are under way at once, of all kinds in turn, so that whatever
// else this machine does falls on all alike.
//   node scripts/run.mjs tests/timing/sign-in-times.ts [tries of each kind, 200 by default]

import { randomBytes } from "node:crypto";
import { median } from "d3-array";
import { withApp } from "../../bench/app";
import { runProgram } from "../../scripts/program";
import { given } from "../support/given";

const TRIES = Number(process.argv[2] ?? 200);
const AT_ONCE = 2;
const RIGHT = "the password of everybody here";
const WRONG = "a password that is nobody's";

const base64 = (bytes: number) => randomBytes(bytes).toString("base64");
const plain = (bytes: number) => base64(bytes).replaceAll("=", "");
// bcrypt's own letters; the last of the salt's has room for two bits.
const bcrypt = () =>
  `12$${plain(16).slice(0, 21).replaceAll("+", ".")}u${plain(24).slice(0, 31).replaceAll("+", ".")}`;

/** Well-formed hashes that nothing fits, of what each system asks for by default. */
const FOREIGN: Readonly<Record<string, () => string>> = {
  "Django 5.2 pbkdf2_sha256": () => `pbkdf2_sha256$1000000$${plain(16)}$${base64(32)}`,
  "Django 5.2 scrypt": () => `scrypt$16384$${plain(16)}$8$5$${base64(64)}`,
  "Django argon2id": () => `argon2$argon2id$v=19$m=102400,t=2,p=8$${plain(16)}$${plain(32)}`,
  "Django bcrypt_sha256": () => `bcrypt_sha256$$2b$${bcrypt()}`,
  "Laravel bcrypt": () => `$2y$${bcrypt()}`,
  "PHP argon2id": () => `$argon2id$v=19$m=65536,t=4,p=1$${plain(16)}$${plain(32)}`,
};

interface Try {
  readonly identifier: string;
  readonly password: string;
}

/** What each kind of try gives, by its number. */
type Kinds = Readonly<Record<string, (n: number) => Try>>;

await runProgram(async (stop) => {
  // Each try from an address of its own, so that the throttle lets all through.
  const settings = { LOG_LEVEL: "warn", TRUST_PROXY: "1", PASSWORD_HASH_COST: "12" };
  await withApp(settings, stop, async ({ origin }) => {
    const kinds = Object.entries(await makePeople());
    const turns = Array.from({ length: TRIES }, (_, n) =>
      kinds.map(([kind, tryOf]) => ({ kind, given: tryOf(n) })),
    ).flat();
    const took = new Map<string, number[]>();
    let next = 0;
    const lane = async () => {
      for (let turn = turns[next++]; turn; turn = turns[next++]) {
        stop.throwIfAborted();
        const ms = await refusedIn(origin, turn.given, next);
        took.set(turn.kind, [...(took.get(turn.kind) ?? []), ms]);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    print(took);
  });
  return 0;
});

async function makePeople(): Promise<Kinds> {
  // Not before DATABASE_URL is set: these read it when they are first used.
  const { createUser } = await import("@/lib/users/users");
  const { changeUser } = await import("@/lib/auth/change-user");
  const { hashPassword } = await import("@/lib/auth/password");
  const { closeDatabase } = await import("@/lib/db/connection");
  const { closeHashingThreads } = await import("@/lib/auth/password-threads");
  const ours = await given(hashPassword(RIGHT));
  const run = Date.now().toString(36);
  const nameOf = (kind: string, n: number) => `${kind.replace(/[^a-z0-9]+/gi, "-")}-${run}-${n}`;
  const now = new Date();
  const hashes = { wrong: () => ours, disabled: () => ours, long: () => ours, ...FOREIGN };
  for (let n = 0; n < TRIES; n += 1)
    for (const [kind, hashOf] of Object.entries(hashes)) {
      const username = nameOf(kind, n);
      const person = {
        username,
        email: `${username}@example.com`,
        name: "",
        role: "member",
      } as const;
      const { id } = await given(createUser({ ...person, passwordHash: hashOf() }, now));
      if (kind === "disabled") await changeUser({ userId: id }, { status: "disabled" }, now);
    }
  await Promise.all([closeDatabase(), closeHashingThreads()]);
  const tryOf = (kind: string, password: string) => (n: number) => ({
    identifier: nameOf(kind, n),
    password,
  });
  return {
    unknown: tryOf("nobody", WRONG),
    "ours, wrong password": tryOf("wrong", WRONG),
    "ours, disabled, right password": tryOf("disabled", RIGHT),
    "ours, password too long": tryOf("long", "x".repeat(300)),
    ...Object.fromEntries(Object.keys(FOREIGN).map((kind) => [kind, tryOf(kind, WRONG)])),
  };
}

async function refusedIn(origin: string, given: Try, n: number): Promise<number> {
  const begun = performance.now();
  const { status } = await fetch(`${origin}/api/session`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "Sec-Fetch-Site": "same-origin",
      "X-Forwarded-For": `10.${n % 250}.${Math.floor(n / 250)}.1`,
    },
    body: JSON.stringify(given),
  });
  if (status !== 401) throw new Error(`${given.identifier} was answered ${status}, not 401`);
  return performance.now() - begun;
}

function print(took: ReadonlyMap<string, number[]>): void {
  const usualOf = (times: readonly number[]) => median(times) ?? 0;
  const usual = usualOf(took.get("unknown") ?? []);
  console.table(
    [...took].map(([kind, times]) => ({
      kind,
      tries: times.length,
      "median ms": Number(usualOf(times).toFixed(1)),
      "÷ unknown": Number((usualOf(times) / usual).toFixed(3)),
    })),
  );
}
