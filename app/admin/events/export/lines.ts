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

// What a spreadsheet takes for the beginning of a formula, and what it splits lines at, quotes or not:
// a semicolon, where the comma is a decimal sign.
const FORMULA = /(^|[\t\r\n,;|])(?=[ "]*[=+\-@＝＋－＠\t\r])/g;

/**
 * A cell that no spreadsheet runs. A user agent is somebody else's words: an apostrophe before what
 * would be a formula makes it text, also in the cell that begins within this one when the reader
 * splits lines otherwise (OWASP, CSV injection).
 */
export function csvCell(value: string | number | null): string {
  const harmless = String(value ?? "").replace(FORMULA, "$1'");
  return `"${harmless.replaceAll('"', '""')}"`;
}

const text = (id: number | null) => (id === null ? null : String(id));
