import type { LoggedEvent } from "@/lib/events/read";

export interface Format {
  readonly contentType: string;
  readonly head: string;
  readonly line: (event: LoggedEvent) => string;
}

/** The ways to take the log along. */
export const FORMATS: Readonly<Record<"csv" | "jsonl", Format>> = {
  csv: {
    contentType: "text/csv; charset=utf-8",
    head: "id,at,type,user_id,actor_id,session_id,ip_address,user_agent,detail\r\n",
    line: (event) => `${fieldsOf(event).map(csvCell).join(",")}\r\n`,
  },
  jsonl: {
    contentType: "application/x-ndjson; charset=utf-8",
    head: "",
    line: ({ id, userId, actorId, ...event }) =>
      `${JSON.stringify({ id: String(id), ...event, userId: text(userId), actorId: text(actorId) })}\n`,
  },
};

function fieldsOf({ id, at, type, userId, actorId, sessionId, ...event }: LoggedEvent) {
  const { ipAddress, userAgent, detail } = event;
  return [
    id,
    at.toISOString(),
    type,
    userId,
    actorId,
    sessionId,
    ipAddress,
    userAgent,
    JSON.stringify(detail),
  ];
}

// A spreadsheet runs what begins like a formula, and a user agent is somebody else's words: an
// apostrophe makes it text (OWASP, CSV injection).
function csvCell(value: string | number | null): string {
  const words = String(value ?? "");
  const harmless = /^[=+\-@\t\r]/.test(words) ? `'${words}` : words;
  return `"${harmless.replaceAll('"', '""')}"`;
}

const text = (id: number | null) => (id === null ? null : String(id));
