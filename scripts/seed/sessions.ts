import { v7 as uuidv7 } from "uuid";
import type { EndReason } from "@/lib/db/schema";
import type { Device } from "@/lib/device";
import type { Chance } from "./chance";
import { deviceOf } from "./devices";
import type { Person } from "./people";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const IDLE_MS = 14 * DAY_MS;
const ABSOLUTE_MS = 90 * DAY_MS;
const STAFF_IDLE_MS = 30 * 60_000;
const STAFF_ABSOLUTE_MS = 12 * HOUR_MS;

const ENDS: readonly (readonly [EndReason, number])[] = [
  ["signed_out", 60],
  ["idle", 25],
  ["revoked", 5],
  ["password_changed", 4],
  ["revoked_by_admin", 2],
  ["limit", 2],
  ["user_disabled", 1],
];

/** A row for the table of sessions. */
export interface SeededSession extends Device {
  readonly id: string;
  readonly userId: number;
  readonly createdAt: Date;
  readonly lastActivityAt: Date;
  readonly expiresAt: Date;
  readonly absoluteExpiresAt: Date;
  readonly endedAt: Date | null;
  readonly endReason: EndReason | null;
  readonly persistent: boolean;
}

/** A session that began at some time of the last `days`; some people have many. */
export function session(
  everybody: readonly [Person, ...Person[]],
  days: number,
  chance: Chance,
  now: Date,
): SeededSession {
  const person = everybody[Math.floor(chance.next() ** 2 * everybody.length)] ?? everybody[0];
  const createdAt = startWithin(days, chance, now);
  const used = chance.next() ** 3 * (now.getTime() - createdAt.getTime());
  const isStaff = person.role !== "member";
  const idleMs = isStaff ? STAFF_IDLE_MS : IDLE_MS;
  const absolute = createdAt.getTime() + (isStaff ? STAFF_ABSOLUTE_MS : ABSOLUTE_MS);
  const last = Math.min(createdAt.getTime() + used, absolute - 1);
  const expires = Math.min(last + idleMs, absolute);
  return {
    id: uuidv7({ msecs: createdAt.getTime(), random: chance.bytes(16) }),
    userId: person.id,
    createdAt,
    lastActivityAt: new Date(last),
    expiresAt: new Date(expires),
    absoluteExpiresAt: new Date(absolute),
    ...endOf(person, last, expires, chance, now),
    persistent: chance.next() < 0.6,
    ...deviceOf(person.id, chance),
  };
}

// More in the working hours of a day than in its night.
function startWithin(days: number, chance: Chance, now: Date): Date {
  const day = Math.floor(chance.next() * days) * DAY_MS;
  const hour = chance.next() < 0.8 ? 7 + chance.next() * 12 : chance.next() * 24;
  const midnight = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  const at = midnight - day + hour * HOUR_MS;
  return new Date(at < now.getTime() ? at : now.getTime() - chance.below(HOUR_MS));
}

function endOf(person: Person, last: number, expires: number, chance: Chance, now: Date) {
  const reason = person.status === "disabled" ? "user_disabled" : chance.weighted(ENDS, "idle");
  // A few have run out, and nobody has noted it yet.
  const hasRunOut = expires <= now.getTime();
  if (hasRunOut && chance.next() < 0.005) return { endedAt: null, endReason: null };
  if (hasRunOut) return { endedAt: new Date(expires), endReason: "idle" as const };
  if (person.status === "active" && chance.next() < 0.6) return { endedAt: null, endReason: null };
  const endedAt = new Date(last + chance.next() * Math.min(600_000, now.getTime() - last));
  return { endedAt, endReason: reason === "idle" ? ("signed_out" as const) : reason };
}
