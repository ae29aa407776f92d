import type { EndReason, EventType } from "@/lib/db/schema";
import type { Chance } from "./chance";
import { attackerAddress, deviceOf } from "./devices";
import type { Person } from "./people";
import type { SeededSession } from "./sessions";

const DAY_MS = 86_400_000;

/** A row for the table of events. */
export interface SeededEvent {
  readonly at: Date;
  readonly type: EventType;
  readonly userId: number | null;
  readonly sessionId: string | null;
  readonly ipAddress: string;
  readonly userAgent: string;
  readonly detail: string;
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

/** The beginning of a session and, where it has ended, its end. */
export function eventsOf(session: SeededSession): SeededEvent[] {
  const { id: sessionId, userId, createdAt, endedAt, endReason, ipAddress, userAgent } = session;
  const common = { userId, sessionId, ipAddress, userAgent };
  const start = { ...common, at: createdAt, type: "sign_in", detail: "{}" } as const;
  if (!endedAt || !endReason) return [start];
  const type = END_EVENTS[endReason] ?? "session_revoked";
  return [start, { ...common, at: endedAt, type, detail: JSON.stringify({ reason: endReason }) }];
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
    detail: JSON.stringify(detailOf(type, chance)),
  };
}

function detailOf(type: EventType, chance: Chance): object {
  if (type === "sign_in_failed") return { cause: "wrong_password" };
  if (type !== "sign_in_throttled") return {};
  const suppressed = chance.below(12);
  return { counter: "pair", ...(suppressed > 0 ? { suppressed } : {}) };
}
