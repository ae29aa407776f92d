import "server-only";
import { format } from "node:util";
import { pino } from "pino";
import pretty from "pino-pretty";
import { isDevelopment, settings } from "@/lib/env";
import { requestId } from "@/lib/request-scope";

// A password or a secret has no business in a log line; these are for the day that one slips in.
const CONFIDENTIAL = ["password", "secret", "token", "cookie"].flatMap((name) => [
  name,
  `*.${name}`,
]);

declare global {
  var gatehouseLog: pino.Logger | undefined;
}

// Field by field: errors of the database hold whole statements, with the hashes of passwords and
// secrets among their parameters.
function errorForLog(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, cause, stack = "" } = error;
  const [code, query, digest] = ["code", "query", "digest"].map((f) => Reflect.get(error, f));
  return {
    type: name,
    message: typeof query === "string" ? `Failed query: ${query}` : error.message,
    ...(code === undefined ? {} : { code }),
    // What the error page shows, for somebody to quote.
    ...(digest === undefined ? {} : { digest }),
    stack: stack.split("\n").filter((line) => /^ +at /.test(line)),
    ...(cause === undefined ? {} : { cause: errorForLog(cause) }),
  };
}

// A mail's link, or what a program sends instead of it, has its token in the address.
// One that was put together wrongly has it as a part of the path, which looks like nothing else here.
const TOKEN_IN_PATH = /(?<=\/password-resets\/+|[?&]token=)[^/?&#]+|(?<=\/)[\w-]{22}(?=[/?&#]|$)/g;

function pathForLog(path: unknown): unknown {
  return typeof path === "string" ? path.replace(TOKEN_IN_PATH, "…") : path;
}

/** How entries are written; apart, so that a test can look at them. */
export function logOptions(): pino.LoggerOptions {
  return {
    level: settings().LOG_LEVEL,
    redact: CONFIDENTIAL,
    serializers: { err: errorForLog, path: pathForLog },
    // What the response's X-Request-Id says, and the detail of events.
    mixin: () => ({ request: requestId() }),
    timestamp: pino.stdTimeFunctions.isoTime,
  };
}

/** The log of this process: one JSON line an entry, on standard output; for eyes in development. */
export function log(): pino.Logger {
  globalThis.gatehouseLog ??= pino(
    logOptions(),
    isDevelopment() ? pretty({ sync: true, ignore: "pid,hostname" }) : pino.destination(1),
  );
  return globalThis.gatehouseLog;
}

/**
 * Takes what Next prints of errors into this log: printed as it is, an error of the database shows
 * its parameters.
 */
export function logConsoleErrors(): void {
  let told: string | undefined;
  console.error = (...printed: unknown[]) => {
    const err = printed.find((each) => each instanceof Error);
    // A stranger's header, of which Next prints two stacks: its response is 400, and a line is enough.
    if (err && /router state header/.test(err.message)) {
      if (told === undefined || told !== requestId()) log().warn(err.message);
      told = requestId();
      return;
    }
    const words = printed.filter((each) => each !== err);
    log().error(err ? { err } : {}, format(...words).trim() || "an error");
  };
}
