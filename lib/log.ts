import "server-only";
import { pino } from "pino";
import pretty from "pino-pretty";
import { isDevelopment, settings } from "@/lib/env";
import { requestId } from "@/lib/request-scope";

// A password or a secret has no business in a log line; these are for the day that one slips in.
const CONFIDENTIAL = [
  "password",
  "secret",
  "token",
  "cookie",
  "*.password",
  "*.secret",
  "*.cookie",
];

declare global {
  var gatehouseLog: pino.Logger | undefined;
}

/** The log of this process: one JSON line an entry, on standard output; for eyes in development. */
export function log(): pino.Logger {
  globalThis.gatehouseLog ??= pino(
    {
      level: settings().LOG_LEVEL,
      redact: CONFIDENTIAL,
      // What the answer's X-Request-Id says, and the detail of events.
      mixin: () => ({ request: requestId() }),
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    isDevelopment() ? pretty({ sync: true, ignore: "pid,hostname" }) : pino.destination(1),
  );
  return globalThis.gatehouseLog;
}
