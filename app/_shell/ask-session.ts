/** When a session ends, by this browser's clock. */
export interface Ends {
  /** If nothing more happens. */
  readonly endsAt: number;
  readonly absoluteEndsAt: number;
}

export interface Asked extends Ends {
  readonly id: string;
}

/**
 * This browser's session as the server sees it: "over", or null when nobody could say (offline,
 * an outage). Counts as use of the session only where that is said.
 */
export async function askSession(isUse = false): Promise<Asked | "over" | null> {
  try {
    const response = await fetch("/api/session", isUse ? {} : { headers: { "X-Background": "1" } });
    if (response.status === 401) return "over";
    if (!response.ok) return null;
    const { session } = await response.json();
    // The two clocks may differ: what counts is how long from the server's now on.
    const ahead = Date.now() - Date.parse(response.headers.get("date") ?? new Date().toUTCString());
    const here = (time: string) => Date.parse(time) + ahead;
    const { id, expiresAt, absoluteExpiresAt } = session;
    return { id, endsAt: here(expiresAt), absoluteEndsAt: here(absoluteExpiresAt) };
  } catch {
    return null;
  }
}
