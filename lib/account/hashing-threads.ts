import "server-only";
import { availableParallelism } from "node:os";
import path from "node:path";
import { Piscina } from "piscina";
import type { strengthOf } from "@/lib/account/password-strength.mjs";

/** More sign-ins wait than can be served soon; nothing was checked. Answer 503. */
export class HashingBusy extends Error {
  override readonly name = "HashingBusy";
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
export type Check = Comparison & {
  /** bcrypt hashes that are compared as well, whatever comes of it: for their work alone. */
  readonly padding: readonly string[];
};

// A hash holds its thread for a quarter of a second at a time: never the one that answers
// requests, and one core stays free for that one.
const THREADS = Math.max(availableParallelism() - 1, 1);
const MOST_WAITING = 32 * THREADS;
const IDLE_MS = 30_000;

declare global {
  var gatehouseHashing: Piscina | undefined;
}

function threads(): Piscina {
  globalThis.gatehouseHashing ??= new Piscina({
    // Not import.meta.url: a bundle moves the caller, and the worker stays beside the sources.
    filename: path.join(process.cwd(), "lib/account/password-worker.mjs"),
    minThreads: 0,
    maxThreads: THREADS,
    maxQueue: MOST_WAITING,
    idleTimeout: IDLE_MS,
  });
  return globalThis.gatehouseHashing;
}

/** Whether the password fits the hash. Throws HashingBusy. */
export async function checkInThread(check: Check): Promise<boolean> {
  return (await run(check)) === true;
}

/** The bcrypt hash of a text. Throws HashingBusy. */
export async function hashInThread(password: string, rounds: number): Promise<string> {
  return String(await run({ kind: "hash", password, rounds }));
}

/**
 * How hard a password is to guess. In a thread, since the hardest to judge takes a tenth of a second
 * and the first one loads the dictionaries. Throws HashingBusy.
 */
export async function strengthInThread(
  password: string,
  ownWords: readonly string[],
): Promise<ReturnType<typeof strengthOf>> {
  return run({ kind: "strength", password, ownWords });
}

/** The milliseconds that a comparison with this bcrypt hash takes here. Throws HashingBusy. */
export async function timeInThread(bcrypt: string): Promise<number> {
  return run({ kind: "time", bcrypt });
}

/** How many passwords wait for a thread. */
export function waitingForThreads(): number {
  return globalThis.gatehouseHashing?.queueSize ?? 0;
}

/** Ends the threads, so that a process can. */
export async function closeHashingThreads(): Promise<void> {
  await globalThis.gatehouseHashing?.destroy();
  globalThis.gatehouseHashing = undefined;
}

// Each kind of task has its own kind of answer, which the thread alone knows.
async function run<T = unknown>(task: object): Promise<T> {
  const { queueSize } = threads();
  if (queueSize >= MOST_WAITING) throw new HashingBusy(`${queueSize} passwords wait to be checked`);
  return threads().run(task);
}
