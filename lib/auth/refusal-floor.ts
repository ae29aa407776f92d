import "server-only";
import { setTimeout } from "node:timers/promises";
import { standIn } from "@/lib/auth/password-formats";
import { type Busy, timeInThread } from "@/lib/auth/password-threads";
import { settings } from "@/lib/env";
import { metrics } from "@/lib/metrics";
import { isRefused } from "@/lib/refused";

// A refusal takes as long as so many hashes of ours, on this machine. What Django, Laravel and PHP
// ask for by default takes two with the stand-in beside it; the rest is room for a busy machine.
const HASHES = 5;

// bcrypt's cost doubles its time, so a sixteenth of the work tells it. The quickest of a few counts:
// whatever else the machine does at that moment only adds to the others.
const COST_BELOW = 4;
const LEAST_COST = 4;
const SAMPLES = 5;

declare global {
  var gatehouseRefusalFloors: Map<number, Promise<number | Busy>> | undefined;
}

/** The milliseconds that every refused password takes, measured once a process and cost. */
export async function refusalFloorMs(): Promise<number | Busy> {
  const { PASSWORD_HASH_COST: cost } = settings();
  // On globalThis, since each bundle has a copy of this module.
  globalThis.gatehouseRefusalFloors ??= new Map();
  const floors = globalThis.gatehouseRefusalFloors;
  let isMeasured = false;
  const measuring = floors.get(cost) ?? measuredFloorMs(cost);
  floors.set(cost, measuring);
  try {
    const floorMs = await measuring;
    isMeasured = !isRefused(floorMs);
    return floorMs;
  } finally {
    if (!isMeasured) floors.delete(cost);
  }
}

async function measuredFloorMs(cost: number): Promise<number | Busy> {
  const measured = Math.max(cost - COST_BELOW, LEAST_COST);
  let quickestMs = Number.POSITIVE_INFINITY;
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const ms = await timeInThread(standIn(measured));
    if (isRefused(ms)) return ms;
    quickestMs = Math.min(quickestMs, ms);
  }
  return HASHES * 2 ** (cost - measured) * quickestMs;
}

/**
 * Begins the time of a try. What it gives is awaited before a refusal is told: the response leaves at a
 * floor of time that is the same for every cause and kind of hash, or at twice, three times … the
 * floor where the comparison, and the wait for a thread, took longer (ASVS 6.3.8). Counted from here and
 * not from the thread, so that a try does not tell for how long the one before it held the thread.
 * Holds no thread while it waits.
 */
export async function beginRefusalFloor(): Promise<(() => Promise<void>) | Busy> {
  const floorMs = await refusalFloorMs();
  if (isRefused(floorMs)) return floorMs;
  const untilTheFloor = atMultiplesOf(floorMs);
  return async () => {
    const floors = await untilTheFloor();
    metrics().refusals.inc({ floors: floors === 1 ? "1" : "more" });
  };
}

/**
 * Begins a time. What it gives waits until so many milliseconds have passed since, or twice, three
 * times … as many where the work took longer; how many times.
 */
export function atMultiplesOf(floorMs: number): () => Promise<number> {
  const begunMs = performance.now();
  return async () => {
    const floors = Math.max(Math.ceil((performance.now() - begunMs) / floorMs), 1);
    const leftMs = () => begunMs + floors * floorMs - performance.now();
    // Again, since a timer may be early by a part of a millisecond.
    while (leftMs() > 0) await setTimeout(Math.ceil(leftMs()));
    return floors;
  };
}
