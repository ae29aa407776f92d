import "server-only";
import { type Settings, settings } from "@/lib/env";
import { ROLES, type Role } from "@/lib/roles";
import { everyLive, type LimitedSession } from "@/lib/session/list";
import { endsAt, limitsFor } from "@/lib/session/policy";

const DAY_MS = 86_400_000;

/** Limits that somebody thinks of; what is left out stays as it is set. */
export type PlannedLimits = Partial<
  Pick<Settings, "SESSION_COOKIE_AGE" | "SESSION_ABSOLUTE_AGE" | "SESSION_LIMIT_PER_USER">
>;

/** What planned limits would do to the live sessions of a role. */
export interface Preview {
  readonly role: Role;
  readonly live: number;
  /** Would end at their next request, since their time would be up. */
  readonly atOnce: number;
  /** Would end within 24 hours, those included, if nobody used them. */
  readonly withinDay: number;
  /** Those that end within a day under the present limits. */
  readonly withinDayNow: number;
  /** Are more than the limit of their user: the oldest end when that user signs in again. */
  readonly aboveLimit: number;
}

/**
 * What planned limits would do, by role, to at most so many sessions, those that began first; and whether
 * these are all. Reads only.
 */
export async function previewPolicy(
  planned: PlannedLimits,
  now: Date,
  most = Number.POSITIVE_INFINITY,
): Promise<{ readonly roles: readonly Preview[]; readonly isWhole: boolean }> {
  const counted = new Map(ROLES.map((role) => [role, emptyCounts(role)]));
  const plan = { ...settings(), ...planned };
  const sessionsOf = new Map<number, number>();
  let looked = 0;
  for await (const session of everyLive(now)) {
    if (looked === most) return { roles: [...counted.values()], isWhole: false };
    looked += 1;
    const counts = counted.get(session.role);
    if (!counts) continue;
    const others = sessionsOf.get(session.userId) ?? 0;
    sessionsOf.set(session.userId, others + 1);
    count(session, counts, plan, now);
    const limit = plan.SESSION_LIMIT_PER_USER;
    if (limit > 0 && others >= limit) counts.aboveLimit += 1;
  }
  return { roles: [...counted.values()], isWhole: true };
}

/** All roles together. */
export function allOf(roles: readonly Preview[]): Omit<Preview, "role"> {
  const of = (field: keyof Omit<Preview, "role">) =>
    roles.reduce((sum, role) => sum + role[field], 0);
  return {
    live: of("live"),
    atOnce: of("atOnce"),
    withinDay: of("withinDay"),
    withinDayNow: of("withinDayNow"),
    aboveLimit: of("aboveLimit"),
  };
}

type Counts = { -readonly [Field in keyof Preview]: Preview[Field] };

const emptyCounts = (role: Role): Counts => {
  return { role, live: 0, atOnce: 0, withinDay: 0, withinDayNow: 0, aboveLimit: 0 };
};

function count(session: LimitedSession, counts: Counts, plan: Settings, now: Date): void {
  const tomorrow = new Date(now.getTime() + DAY_MS);
  const planned = endsAt(session, limitsFor(session.role, plan));
  counts.live += 1;
  if (planned <= now) counts.atOnce += 1;
  if (planned <= tomorrow) counts.withinDay += 1;
  if (endsAt(session, limitsFor(session.role, settings())) <= tomorrow) counts.withinDayNow += 1;
}
