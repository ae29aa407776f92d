import "server-only";
import { availableParallelism } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Piscina, queueOptionsSymbol, type TaskQueue } from "piscina";
import type { strengthOf } from "@/lib/auth/password-strength.mjs";
import { log } from "@/lib/log";
import { isRefused, type Refused } from "@/lib/refused";

/** More passwords wait than can be served soon: nothing was looked at. Answer 503. */
export type Busy = Refused<"busy">;
export const BUSY: Busy = { refused: "busy" };

/** What a comparison found; in an object, so that no condition takes a refusal for a yes. */
export interface Verdict {
  readonly fits: boolean;
}

/** A comparison of a password with a hash, as one kind of hash needs it. */
export type Comparison =
  | { readonly kind: "bcrypt"; readonly password: string; readonly bcrypt: string }
  | {
      readonly kind: "pbkdf2";
      readonly password: string;
      readonly digest: string;
      readonly iterations: number;
      readonly salt: string;
      readonly key: Buffer;
    }
  | {
      readonly kind: "scrypt";
      readonly password: string;
      readonly cost: number;
      readonly blockSize: number;
      readonly parallelization: number;
      readonly salt: string;
      readonly key: Buffer;
    }
  | { readonly kind: "argon2"; readonly password: string; readonly argon2: string };

/** A comparison, with what makes its work that of a hash of ours at least. */
export type PaddedComparison = Comparison & {
  /** bcrypt hashes that are compared as well, whatever comes of it: for their work alone. */
  readonly padding: readonly string[];
};

// A hash holds its thread for a quarter of a second at a time: never the one that answers
// requests, and one core stays free for that one.
const THREADS = Math.max(availableParallelism() - 1, 1);
const MOST_WAITING = 32 * THREADS;
const IDLE_MS = 30_000;
const LEAST_ROUNDS = 4;
const PROOF_MS = 2000;

/**
 * Who waits for a thread: a stranger, or somebody in a browser that the account's owner has used or
 * is signed in with. Those go ahead, and have as many places of their own, which strangers cannot
 * fill.
 */
export type Place = "known" | "stranger";

type Task = Parameters<TaskQueue["push"]>[0];

const placeOf = (task: Task): Place => {
  const options = task[queueOptionsSymbol];
  return options && "place" in options && options.place === "known" ? "known" : "stranger";
};

/** Two lines for the threads, of which the second moves only while the first is empty. */
class Lines implements TaskQueue {
  readonly waiting: Readonly<Record<Place, Task[]>> = { known: [], stranger: [] };

  get size(): number {
    return this.waiting.known.length + this.waiting.stranger.length;
  }

  shift(): Task | null {
    return this.waiting.known.shift() ?? this.waiting.stranger.shift() ?? null;
  }

  push(task: Task): void {
    this.waiting[placeOf(task)].push(task);
  }

  unshift(task: Task): void {
    this.waiting[placeOf(task)].unshift(task);
  }

  remove(task: Task): void {
    const line = this.waiting[placeOf(task)];
    line.splice(line.indexOf(task), 1);
  }
}

class HashingThreads extends Piscina {
  constructor(readonly lines: Lines) {
    super({
      // Not import.meta.url: a bundle moves the caller, and the worker stays beside the sources.
      filename: path.join(process.cwd(), "lib/auth/password-worker.mjs"),
      // One always lives, so that asking for it tells something.
      minThreads: 1,
      maxThreads: THREADS,
      taskQueue: lines,
      // The lines have bounds of their own.
      maxQueue: Number.MAX_SAFE_INTEGER,
      idleTimeout: IDLE_MS,
    });
  }
}

// On globalThis, since each bundle has a copy of this module.
declare global {
  var gatehouseHashing: HashingThreads | undefined;
  /** Why the first hash of those threads failed; null where it did not. */
  var gatehouseHashProof: Promise<string | null> | undefined;
}

function threads(): HashingThreads {
  globalThis.gatehouseHashing ??= begin();
  return globalThis.gatehouseHashing;
}

function begin(): HashingThreads {
  const pool = new HashingThreads(new Lines());
  // Threads that cannot begin never take what waits for them: it is given up, and others are tried.
  pool.on("error", (error) => {
    log().error({ err: error }, "a hashing thread ended");
    void giveUp(pool);
  });
  // First of all, so that nothing waits before it, and of the least cost.
  const first = pool.run({ kind: "hash", password: "", rounds: LEAST_ROUNDS });
  globalThis.gatehouseHashProof = first.then(
    () => null,
    (error: Error) => `the first hash failed: ${error.message}`,
  );
  return pool;
}

async function giveUp(pool: HashingThreads): Promise<void> {
  if (globalThis.gatehouseHashing === pool) globalThis.gatehouseHashing = undefined;
  await pool.destroy();
}

/**
 * Why passwords cannot be hashed; null when they can: the threads' first hash was made, and one of
 * them lives. However many passwords wait, that stays so. The first question begins the threads.
 */
export async function whyNotHashing(): Promise<string | null> {
  const pool = threads();
  const late = wait(PROOF_MS, "the first hash is not done yet", { ref: false });
  const fault = await Promise.race([globalThis.gatehouseHashProof, late]);
  if (fault) return fault;
  return pool.threads.length > 0 ? null : "no hashing thread lives";
}

/** Whether the password fits the hash. */
export async function compareInThread(
  comparison: PaddedComparison,
  place: Place = "stranger",
): Promise<Verdict | Busy> {
  const found = await run<boolean>(comparison, place);
  return isRefused(found) ? found : { fits: found === true };
}

/** The bcrypt hash of a text: only for people who are let in already. */
export async function hashInThread(password: string, rounds: number): Promise<string | Busy> {
  return run({ kind: "hash", password, rounds }, "known");
}

/** A key of 32 bytes from a password by PBKDF2 with SHA-256: only for people who are let in already. */
export async function deriveInThread(
  password: string,
  { salt, iterations }: { readonly salt: string; readonly iterations: number },
): Promise<Uint8Array | Busy> {
  return run({ kind: "derive", password, salt, iterations, length: 32 }, "known");
}

/**
 * How hard a password is to guess. In a thread, since the hardest to judge takes a tenth of a second
 * and the first one loads the dictionaries.
 */
export async function strengthInThread(
  password: string,
  ownWords: readonly string[],
): Promise<ReturnType<typeof strengthOf> | Busy> {
  return run({ kind: "strength", password, ownWords }, "known");
}

/** The milliseconds that a comparison with this bcrypt hash takes here. */
export async function timeInThread(bcrypt: string): Promise<number | Busy> {
  return run({ kind: "time", bcrypt }, "known");
}

/** How many passwords wait for a thread. */
export function waitingForThreads(): number {
  return globalThis.gatehouseHashing?.queueSize ?? 0;
}

/** Ends the threads, so that a process can. */
export async function closeHashingThreads(): Promise<void> {
  if (globalThis.gatehouseHashing) await giveUp(globalThis.gatehouseHashing);
}

// Each kind of task has its own kind of answer, which the thread alone knows.
async function run<T>(task: object, place: Place): Promise<T | Busy> {
  const pool = threads();
  if (pool.lines.waiting[place].length >= MOST_WAITING) return BUSY;
  try {
    return await pool.run({ ...task, [queueOptionsSymbol]: { place } });
  } catch (error) {
    if (globalThis.gatehouseHashing === pool) throw error;
    // Its threads ended, and what waited for them was given up.
    return BUSY;
  }
}
