import { z } from "zod";
import { Filter } from "@/app/admin/_console/query";
import type { PlannedLimits } from "@/lib/jobs/policy-preview";
import { secondsOf } from "@/lib/time-words";

/** What the address says of planned limits, as it was typed. */
export const PolicyQuery = z.object({ idle: Filter, absolute: Filter, limit: Filter });
type Typed = z.output<typeof PolicyQuery>;

/** Limits that can be looked at, or what is wrong with a field of them. */
export interface Plan {
  readonly planned: PlannedLimits;
  readonly faults: Partial<Record<keyof Typed, string>>;
}

const NO_TIME = "Give a time such as 30m, 24h or 14d.";
const NO_NUMBER = "Give a number; 0 for no limit.";

/** The plan of what was typed; what is empty stays as it is set. */
export function planOf({ idle, absolute, limit }: Typed): Plan {
  const [idleSeconds, absoluteSeconds] = [idle, absolute].map((text) => text && secondsOf(text));
  const most = limit && /^\d{1,6}$/.test(limit) ? Number(limit) : null;
  return {
    planned: {
      ...(idleSeconds ? { SESSION_COOKIE_AGE: idleSeconds } : {}),
      ...(absoluteSeconds ? { SESSION_ABSOLUTE_AGE: absoluteSeconds } : {}),
      ...(most === null ? {} : { SESSION_LIMIT_PER_USER: most }),
    },
    faults: {
      ...(idleSeconds === null ? { idle: NO_TIME } : {}),
      ...(absoluteSeconds === null ? { absolute: NO_TIME } : {}),
      ...(limit && most === null ? { limit: NO_NUMBER } : {}),
    },
  };
}
