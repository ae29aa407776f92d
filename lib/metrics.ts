import "server-only";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** As much of an event as is counted. */
interface Counted {
  readonly type: string;
  readonly detail?: Record<string, unknown>;
}

function makeMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const counter = <T extends string>(name: string, help: string, labelNames: readonly T[] = []) =>
    new Counter({ name: `gatehouse_${name}`, help, labelNames, registers });
  const gauge = <T extends string>(name: string, help: string, labelNames: readonly T[] = []) =>
    new Gauge({ name: `gatehouse_${name}`, help, labelNames, registers });
  return {
    registry,
    liveSessions: gauge("sessions_live", "Sessions that live, over all instances"),
    starts: counter("session_starts_total", "Sessions that began here"),
    ends: counter("session_ends_total", "Sessions that ended here, by reason", ["reason"]),
    resumes: counter("session_resumes_total", "What cookies were worth", ["result"]),
    touches: counter("session_touches_total", "Uses written, and those that needed no writing", [
      "result",
    ]),
    failures: counter("sign_ins_failed_total", "Passwords that did not fit, by cause", ["cause"]),
    throttled: counter("sign_ins_throttled_total", "Tries not looked at, by counter", ["counter"]),
    refusals: counter("refusals_total", "Wrong passwords answered, by the floors of time it took", [
      "floors",
    ]),
    closedAccounts: gauge("accounts_closed", "Accounts closed to strangers, over all instances"),
    mailsWaiting: gauge("mails_waiting", "Mails to be sent, over all instances"),
    oldestMailSeconds: gauge("oldest_mail_seconds", "How long the oldest of them has waited"),
    mailsFailed: gauge("mails_failed", "Mails that were given up, over all instances"),
    hashQueue: gauge("hash_queue", "Passwords that wait for a thread"),
    connections: gauge("database_connections", "Of the pool, by state", ["state"]),
    lookUps: counter("look_ups_total", "Rows read by id for requests, and at what cost", ["what"]),
    purged: counter("purged_total", "Rows that the purge dealt with", ["what"]),
    durations: new Histogram({
      name: "gatehouse_request_duration_seconds",
      help: "From the request's first line to the end of its response",
      labelNames: ["method", "status"] as const,
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    }),
  };
}

type Metrics = ReturnType<typeof makeMetrics>;

// On globalThis, since each bundle of a build has a copy of this module.
declare global {
  var gatehouseMetrics: Metrics | undefined;
}

/** What this process counts; `/api/metrics` shows it. */
export function metrics(): Metrics {
  globalThis.gatehouseMetrics ??= makeMetrics();
  return globalThis.gatehouseMetrics;
}

/** Counts what an event tells of. */
export function countEvent({ type, detail = {} }: Counted): void {
  const { starts, ends, failures } = metrics();
  const word = (value: unknown) => String(value ?? "unknown");
  if (type === "sign_in") starts.inc();
  if (type === "sign_out") ends.inc({ reason: "signed_out" });
  if (type === "session_revoked" || type === "session_expired")
    ends.inc({ reason: word(detail.reason) });
  if (type === "sessions_cleared") ends.inc({ reason: "reset" }, Number(detail.sessions ?? 0));
  if (type === "sign_in_failed") failures.inc({ cause: word(detail.cause) });
}
