import { v7 as uuidv7 } from "uuid";
import type { EndReason, EventType, events } from "@/lib/db/schema";
import { settings } from "@/lib/env";
import {
  expiryReason,
  extendedEnd,
  type Lifetime,
  lifetimeFrom,
  limitsFor,
} from "@/lib/session/policy";
import type { Chance } from "./chance";
import { attackerAddress, deviceOf, type Person } from "./people";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const ENDS: readonly (readonly [EndReason, number])[] = [
  ["signed_out", 60],
  ["idle", 25],
  ["revoked", 5],
  ["password_changed", 4],
  ["revoked_by_admin", 2],
  ["limit", 2],
  ["user_disabled", 1],
];

/** A row for the table of sessions, with a hash that no secret fits. */
export type SeededSession = ReturnType<typeof session>;

/** A session that began at some time of the last `days`; some people have many. */
export function session(
  everybody: readonly [Person, ...Person[]],
  days: number,
  chance: Chance,
  now: Date,
) {
  const person = everybody[Math.floor(chance.next() ** 2 * everybody.length)] ?? everybody[0];
  const createdAt = startWithin(days, chance, now);
  const lifetime = lifetimeOf(person, createdAt, chance, now);
  const id = uuidv7({ msecs: createdAt.getTime(), random: chance.bytes(16) });
  const end = endOf(person, lifetime, chance, now);
  return {
    id,
    userId: person.id,
    authenticatedAt: createdAt,
    methods: ["password"] as const,
    ...lifetime,
    ...end,
    secretHash: end.endedAt ? null : Buffer.alloc(32, id),
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

// Used for a while, by the limits of this site.
function lifetimeOf({ role }: Person, createdAt: Date, chance: Chance, now: Date): Lifetime {
  const limits = limitsFor(role, settings());
  const begun = lifetimeFrom(createdAt, limits);
  const used = createdAt.getTime() + chance.next() ** 3 * (now.getTime() - createdAt.getTime());
  const lastActivityAt = new Date(Math.min(used, begun.absoluteExpiresAt.getTime() - 1));
  return { ...begun, lastActivityAt, expiresAt: extendedEnd(begun, limits, lastActivityAt) };
}

type End = { endedAt: Date | null; endReason: EndReason | null };

function endOf({ role, status }: Person, lifetime: Lifetime, chance: Chance, now: Date): End {
  const reason = status === "disabled" ? "user_disabled" : chance.weighted(ENDS, "idle");
  const ranOut = expiryReason(lifetime, limitsFor(role, settings()), now);
  // A few have run out, and nobody has noted it yet.
  const isLive = chance.next() < (ranOut ? 0.005 : 0.6) && (ranOut || status === "active");
  if (isLive) return { endedAt: null, endReason: null };
  if (ranOut) return { endedAt: lifetime.expiresAt, endReason: ranOut };
  const last = lifetime.lastActivityAt.getTime();
  const endedAt = new Date(last + chance.next() * Math.min(600_000, now.getTime() - last));
  return { endedAt, endReason: reason === "idle" ? "signed_out" : reason };
}

/** What else happened: tries that failed, and what belongs to sessions that are long removed. */
const OTHERS: readonly (readonly [EventType, number])[] = [
  ["sign_in", 30],
  ["sign_out", 22],
  ["session_expired", 8],
  ["sign_in_failed", 24],
  ["sign_in_throttled", 9],
  ["reauthenticated", 4],
  ["password_changed", 1],
  ["user_updated", 1],
  ["secret_rejected", 1],
];

const END_EVENTS: Partial<Record<EndReason, EventType>> = {
  signed_out: "sign_out",
  idle: "session_expired",
  absolute: "session_expired",
};

type SeededEvent = typeof events.$inferInsert;

/** The beginning of a session and, where it has ended, its end. */
export function eventsOf(session: SeededSession): SeededEvent[] {
  const { id: sessionId, userId, createdAt, endedAt, endReason, ipAddress, userAgent } = session;
  const common = { userId, sessionId, ipAddress, userAgent };
  const start = { ...common, at: createdAt, type: "sign_in", detail: {} } as const;
  if (!endedAt || !endReason) return [start];
  const type = END_EVENTS[endReason] ?? "session_revoked";
  return [start, { ...common, at: endedAt, type, detail: { reason: endReason } }];
}

/** Something else that happened on the day that begins at `from`. */
export function otherEvent(
  from: number,
  everybody: readonly [Person, ...Person[]],
  chance: Chance,
): SeededEvent {
  const type = chance.weighted(OTHERS, "sign_in");
  const person = chance.pick(everybody);
  const isAttack =
    type === "sign_in_throttled" || (type === "sign_in_failed" && chance.next() < 0.7);
  const device = deviceOf(person.id, chance);
  return {
    at: new Date(from + chance.below(DAY_MS)),
    type,
    userId: isAttack && chance.next() < 0.5 ? null : person.id,
    sessionId: null,
    ipAddress: isAttack ? attackerAddress(chance) : device.ipAddress,
    userAgent: device.userAgent,
    detail: detailOf(type, chance),
  };
}

function detailOf(type: EventType, chance: Chance): Record<string, unknown> {
  if (type === "sign_in_failed") return { cause: "wrong_password" };
  if (type !== "sign_in_throttled") return {};
  const suppressed = chance.below(12);
  return { counter: "pair", ...(suppressed > 0 ? { suppressed } : {}) };
}
