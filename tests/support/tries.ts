// Tries to sign in, written at times of one's choice.
import { db } from "@/lib/db/connection";
import type { EventType } from "@/lib/db/schema";
import { recordEvents } from "@/lib/events/record";

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

// Each test has a year of its own: they share one log.
let year = 2000;
export function aNow(): Date {
  year += 1;
  return new Date(Date.UTC(year, 5, 15, 10, 30));
}

export async function tried(type: EventType, at: Date, ipAddress = "192.0.2.1", detail = {}) {
  await recordEvents(db(), [{ type, at, device: { ipAddress, userAgent: "" }, detail }]);
}

export const ago = (now: Date, ms: number) => new Date(now.getTime() - ms);
