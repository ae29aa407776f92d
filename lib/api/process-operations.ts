import "server-only";
import { HealthAnswer } from "@/lib/api/health";
import { type Operation, ok } from "@/lib/api/operation";

/** What programs ask that look after the process. */
export const PROCESS_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/api/health/live",
    summary: "Whether the process runs",
    lock: "anyone",
    answer: ok(HealthAnswer),
  },
  {
    method: "get",
    path: "/api/health/ready",
    summary:
      "Whether it can serve: 503 while the database is away, a table or migration is missing, or passwords cannot be checked",
    lock: "anyone",
    answer: ok(HealthAnswer),
  },
  {
    method: "get",
    path: "/api/metrics",
    summary: "What this process counts, for Prometheus; only where they are turned on",
    lock: "token",
    answer: { status: 200, type: "text/plain" },
  },
  {
    method: "get",
    path: "/api/openapi.json",
    summary: "This document",
    lock: "anyone",
    answer: { status: 200, type: "application/json" },
  },
];
