import type { EndReason } from "@/lib/db/schema";
import type { Lifetime } from "@/lib/session/policy";

/** One signed-in browser, as the rest of the code sees it: without the hash of its secret. */
export interface Session extends Lifetime {
  /** The public handle; harmless. */
  readonly id: string;
  readonly userId: number;
  /** When a password was last given. */
  readonly authenticatedAt: Date;
  /** Null while it lives, as is the reason. */
  readonly endedAt: Date | null;
  readonly endReason: EndReason | null;
  /** Whether "Stay signed in" was ticked. */
  readonly persistent: boolean;
  readonly ipAddress: string;
  readonly userAgent: string;
  readonly data: Record<string, unknown>;
}
