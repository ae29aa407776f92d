import "server-only";
import { availableParallelism } from "node:os";
import path from "node:path";
import { Piscina } from "piscina";

/** More sign-ins wait than can be served soon; nothing was checked. Answer 503. */
export class HashingBusy extends Error {
  override readonly name = "HashingBusy";
}

// bcryptjs holds its thread for a quarter of a second at a time: never the one that answers
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

/** Whether the text fits the bcrypt hash. Throws HashingBusy. */
export async function compareInThread(password: string, hash: string): Promise<boolean> {
  return (await run({ password, hash })) === true;
}

/** The bcrypt hash of a text. Throws HashingBusy. */
export async function hashInThread(password: string, cost: number): Promise<string> {
  return String(await run({ password, cost }));
}

/** Ends the threads, so that a process can. */
export async function closeHashingThreads(): Promise<void> {
  await globalThis.gatehouseHashing?.destroy();
  globalThis.gatehouseHashing = undefined;
}

async function run(task: object): Promise<unknown> {
  const { queueSize } = threads();
  if (queueSize >= MOST_WAITING) throw new HashingBusy(`${queueSize} passwords wait to be checked`);
  return threads().run(task);
}
