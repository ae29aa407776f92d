import "server-only";
import type { z } from "zod";
import { EventsAnswer, EventsQuery } from "@/lib/api/event";
import { HealthAnswer, StatsAnswer } from "@/lib/api/fields";
import {
  CurrentAnswer,
  EndedAnswer,
  OwnSessionsAnswer,
  SessionsAnswer,
  SessionsQuery,
} from "@/lib/api/session";
import {
  AddUserAnswer,
  AddUserBody,
  ChangeUserAnswer,
  ChangeUserBody,
  TemporaryPasswordAnswer,
  UsersAnswer,
  UsersQuery,
} from "@/lib/api/user";
import { ProofInput } from "@/lib/request/acts";
import { SignInInput } from "@/lib/request/sign-in";
import type { Role } from "@/lib/roles";

/** What one method of one address takes and gives. */
export interface Operation {
  readonly method: "get" | "post" | "patch" | "delete";
  readonly path: string;
  readonly summary: string;
  /** Who may call it; what it answers to others follows from that. */
  readonly lock: "anyone" | "session" | "token" | Exclude<Role, "member">;
  /** Whether it needs a password given within the last 15 minutes. */
  readonly recentProof?: true;
  /** Whether it looks at a password. */
  readonly password?: true;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodObject;
  /** What is answered when all is well: JSON of a schema, other text, or nothing. */
  readonly answer: {
    readonly status: 200 | 201 | 204;
    readonly schema?: z.ZodType;
    readonly type?: string;
  };
}

/** Nothing more is to be said. */
export const NOTHING = { status: 204 } as const;

/** An answer of JSON. */
export function ok(schema: z.ZodType) {
  return { status: 200, schema } as const;
}

/** What everybody may do about themselves. */
export const OWN_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/api/session",
    summary: "Who is signed in, by which session",
    lock: "session",
    answer: ok(CurrentAnswer),
  },
  {
    method: "post",
    path: "/api/session",
    summary: "Sign in",
    lock: "anyone",
    password: true,
    body: SignInInput,
    answer: ok(CurrentAnswer),
  },
  {
    method: "delete",
    path: "/api/session",
    summary: "Sign out; without a session nothing happens",
    lock: "anyone",
    answer: NOTHING,
  },
  {
    method: "post",
    path: "/api/session/reauthentication",
    summary: "Give the password once more",
    lock: "session",
    password: true,
    body: ProofInput,
    answer: NOTHING,
  },
  {
    method: "get",
    path: "/api/sessions",
    summary: "Where I am signed in",
    lock: "session",
    answer: ok(OwnSessionsAnswer),
  },
  {
    method: "delete",
    path: "/api/sessions",
    summary: "End all my other sessions",
    lock: "session",
    recentProof: true,
    answer: ok(EndedAnswer),
  },
  {
    method: "delete",
    path: "/api/sessions/{id}",
    summary: "End one of my sessions; any but this one after a fresh proof",
    lock: "session",
    answer: NOTHING,
  },
];

/** What operators may do. */
export const ADMIN_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/api/admin/sessions",
    summary: "Live sessions, newest activity first",
    lock: "staff",
    query: SessionsQuery,
    answer: ok(SessionsAnswer),
  },
  {
    method: "delete",
    path: "/api/admin/sessions/{id}",
    summary: "End a session of anybody of one's own role or lower",
    lock: "staff",
    recentProof: true,
    answer: NOTHING,
  },
  {
    method: "delete",
    path: "/api/admin/users/{id}/sessions",
    summary: "End every session of a user of one's own role or lower",
    lock: "staff",
    recentProof: true,
    answer: ok(EndedAnswer),
  },
  {
    method: "get",
    path: "/api/admin/users",
    summary: "Users, the newest first",
    lock: "staff",
    query: UsersQuery,
    answer: ok(UsersAnswer),
  },
  {
    method: "post",
    path: "/api/admin/users",
    summary: "Add a user; the generated password is temporary, in this answer and nowhere else",
    lock: "admin",
    recentProof: true,
    body: AddUserBody,
    answer: { status: 201, schema: AddUserAnswer },
  },
  {
    method: "patch",
    path: "/api/admin/users/{id}",
    summary: "Change a user; what is left out stays",
    lock: "admin",
    recentProof: true,
    body: ChangeUserBody,
    answer: ok(ChangeUserAnswer),
  },
  {
    method: "post",
    path: "/api/admin/users/{id}/password",
    summary:
      "Give a user a temporary password, which is in this answer and nowhere else; ends their sessions",
    lock: "admin",
    recentProof: true,
    answer: ok(TemporaryPasswordAnswer),
  },
  {
    method: "get",
    path: "/api/admin/events",
    summary: "The log, newest first",
    lock: "staff",
    query: EventsQuery,
    answer: ok(EventsAnswer),
  },
  {
    method: "get",
    path: "/api/admin/stats",
    summary: "The numbers of the moment",
    lock: "staff",
    answer: ok(StatsAnswer),
  },
];

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
