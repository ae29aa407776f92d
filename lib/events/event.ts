import type { EventType } from "@/lib/db/schema";
import type { Device } from "@/lib/device";

/** Something that happened, as the log keeps it. */
export interface NewEvent {
  readonly type: EventType;
  readonly at: Date;
  /** Whom it concerns; null when no account fits. */
  readonly userId?: number | null;
  /** Who did it, where that is somebody else. */
  readonly actorId?: number | null;
  readonly sessionId?: string | null;
  readonly device?: Device | null;
  readonly detail?: Record<string, unknown>;
}
