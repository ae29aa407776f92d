import { type Asked, askSession, type Ends } from "@/app/_shell/ask-session";
import { onSignedOutElsewhere } from "@/app/_shell/tabs";

const MINUTE_MS = 60_000;
const WARN_MS = 5 * MINUTE_MS;
/** A timer takes no more than 24 days, and a computer may sleep through it. */
const LONGEST_WAIT_MS = 60 * MINUTE_MS;

export interface Watch {
  /** Uses the session; true once the server has moved its end. */
  extend(): Promise<boolean>;
  stop(): void;
}

/**
 * Watches over a page that shows who is signed in: warns before the session ends, and leaves the
 * page as a whole document as soon as it is over, here or in another tab. What the server said
 * while it rendered is old by one use: before a warning it is asked again.
 */
export function watchSession(id: string, leftMs: number, warn: (ends: Ends | null) => void): Watch {
  let timer = window.setTimeout(look, wait(leftMs - WARN_MS));

  async function look(): Promise<Asked | null> {
    window.clearTimeout(timer);
    const asked = await askSession();
    if (asked === "over" || (asked && asked.id !== id)) {
      window.location.reload();
      return null;
    }
    setVisibility("");
    const left = asked ? asked.endsAt - Date.now() : 0;
    if (asked) warn(left <= WARN_MS ? asked : null);
    window.clearTimeout(timer);
    const soon = asked ? Math.min(left, MINUTE_MS) : MINUTE_MS;
    timer = window.setTimeout(look, wait(left <= WARN_MS ? soon : left - WARN_MS));
    return asked;
  }

  const lookIfSeen = () => document.visibilityState === "visible" && look();
  // A page that Back brings out of the browser's memory is seen only once the server has agreed.
  const hide = () => setVisibility("hidden");
  const lookIfKept = ({ persisted }: PageTransitionEvent) => persisted && look();
  window.addEventListener("pagehide", hide);
  window.addEventListener("pageshow", lookIfKept);
  window.addEventListener("focus", lookIfSeen);
  document.addEventListener("visibilitychange", lookIfSeen);
  const stopListening = onSignedOutElsewhere(() => window.location.reload());

  return {
    async extend() {
      const before = await askSession(true);
      // The use is written down when its response is on the way already.
      for (let tries = 0; tries < 5; tries++) {
        const after = await look();
        if (before && before !== "over" && after && after.endsAt - before.endsAt > 1000)
          return true;
        await new Promise((later) => window.setTimeout(later, 200));
      }
      return false;
    },
    stop() {
      window.clearTimeout(timer);
      stopListening();
      window.removeEventListener("pagehide", hide);
      window.removeEventListener("pageshow", lookIfKept);
      window.removeEventListener("focus", lookIfSeen);
      document.removeEventListener("visibilitychange", lookIfSeen);
    },
  };
}

function wait(ms: number): number {
  return Math.min(Math.max(ms, 1000), LONGEST_WAIT_MS);
}

function setVisibility(value: "" | "hidden"): void {
  document.documentElement.style.visibility = value;
}
