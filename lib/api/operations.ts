import "server-only";
import type { z } from "zod";
import { EventsQuery, EventsResponse } from "@/lib/api/event";
import { HealthResponse, StatsResponse } from "@/lib/api/fields";
import {
  CurrentResponse,
  EndedResponse,
  OwnSessionsResponse,
  SessionsQuery,
  SessionsResponse,
} from "@/lib/api/session";
import {
  AddUserBody,
  AddUserResponse,
  ChangeAccountBody,
  ChangeUserBody,
  ChangeUserResponse,
  TemporaryPasswordResponse,
  UsersQuery,
  UsersResponse,
} from "@/lib/api/user";
import { ProofInput } from "@/lib/request/acts";
import { SignInInput } from "@/lib/request/sign-in";
import type { Role } from "@/lib/roles";
import { PasswordResetInput, ResetInput } from "@/lib/users/input";

/** What one method of one address takes and gives. */
export interface Operation {
  readonly method: "get" | "post" | "patch" | "delete";
  readonly path: string;
  readonly summary: string;
  /** Who may call it; what it answers to others follows from that. */
  readonly guard: "anyone" | "session" | "token" | Exclude<Role, "member">;
  /** Whether it needs a password given within the last 15 minutes. */
  readonly recentProof?: true;
  /** Whether it looks at a password. */
  readonly password?: true;
  /** Whether it looks at another proof, which nobody can guess. */
  readonly proof?: true;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodObject;
  /** What is answered when all is well: JSON of a schema, other text, or nothing. */
  readonly response: {
    readonly status: 200 | 201 | 202 | 204;
    readonly schema?: z.ZodType;
    readonly type?: string;
  };
}

/** Nothing more is to be said. */
export const NOTHING = { status: 204 } as const;

/** A response of JSON. */
export function ok(schema: z.ZodType) {
  return { status: 200, schema } as const;
}

/** What everybody may do about themselves. */
export const OWN_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/api/session",
    summary: "Who is signed in, by which session",
    guard: "session",
    response: ok(CurrentResponse),
  },
  {
    method: "post",
    path: "/api/session",
    summary: "Sign in",
    guard: "anyone",
    password: true,
    body: SignInInput,
    response: ok(CurrentResponse),
  },
  {
    method: "delete",
    path: "/api/session",
    summary: "Sign out; without a session nothing happens",
    guard: "anyone",
    response: NOTHING,
  },
  {
    method: "post",
    path: "/api/session/reauthentication",
    summary: "Give the password once more",
    guard: "session",
    password: true,
    body: ProofInput,
    response: NOTHING,
  },
  {
    method: "post",
    path: "/api/password-resets",
    summary: "Ask for a mail with a link to set a new password; the response is always the same",
    guard: "anyone",
    body: PasswordResetInput,
    response: { status: 202 },
  },
  {
    method: "post",
    path: "/api/password-resets/{token}",
    summary: "Set a new password by a mailed token; ends every session, and signs nobody in",
    guard: "anyone",
    body: ResetInput,
    response: NOTHING,
  },
  {
    method: "patch",
    path: "/api/account",
    summary: "Change what I may change of myself; what is left out stays",
    guard: "session",
    body: ChangeAccountBody,
    response: ok(ChangeUserResponse),
  },
  {
    method: "get",
    path: "/api/sessions",
    summary: "Where I am signed in",
    guard: "session",
    response: ok(OwnSessionsResponse),
  },
  {
    method: "delete",
    path: "/api/sessions",
    summary: "End all my other sessions",
    guard: "session",
    recentProof: true,
    response: ok(EndedResponse),
  },
  {
    method: "delete",
    path: "/api/sessions/{id}",
    summary: "End one of my sessions; any but this one after a fresh proof",
    guard: "session",
    response: NOTHING,
  },
];

/** What operators may do. */
export const ADMIN_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/api/admin/sessions",
    summary: "Live sessions, newest activity first",
    guard: "staff",
    query: SessionsQuery,
    response: ok(SessionsResponse),
  },
  {
    method: "delete",
    path: "/api/admin/sessions/{id}",
    summary: "End a session of anybody of one's own role or lower",
    guard: "staff",
    recentProof: true,
    response: NOTHING,
  },
  {
    method: "delete",
    path: "/api/admin/users/{id}/sessions",
    summary: "End every session of a user of one's own role or lower",
    guard: "staff",
    recentProof: true,
    response: ok(EndedResponse),
  },
  {
    method: "get",
    path: "/api/admin/users",
    summary: "Users, the newest first",
    guard: "staff",
    query: UsersQuery,
    response: ok(UsersResponse),
  },
  {
    method: "post",
    path: "/api/admin/users",
    summary: "Add a user; the generated password is temporary, in this response and nowhere else",
    guard: "admin",
    recentProof: true,
    body: AddUserBody,
    response: { status: 201, schema: AddUserResponse },
  },
  {
    method: "patch",
    path: "/api/admin/users/{id}",
    summary: "Change a user; what is left out stays",
    guard: "admin",
    recentProof: true,
    body: ChangeUserBody,
    response: ok(ChangeUserResponse),
  },
  {
    method: "post",
    path: "/api/admin/users/{id}/password",
    summary:
      "Give a user a temporary password, which is in this response and nowhere else; ends their sessions",
    guard: "admin",
    recentProof: true,
    response: ok(TemporaryPasswordResponse),
  },
  {
    method: "get",
    path: "/api/admin/events",
    summary: "The log, newest first",
    guard: "staff",
    query: EventsQuery,
    response: ok(EventsResponse),
  },
  {
    method: "get",
    path: "/api/admin/stats",
    summary: "The numbers of the moment",
    guard: "staff",
    response: ok(StatsResponse),
  },
];

/** What programs ask that look after the process. */
export const PROCESS_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/api/health/live",
    summary: "Whether the process runs",
    guard: "anyone",
    response: ok(HealthResponse),
  },
  {
    method: "get",
    path: "/api/health/ready",
    summary:
      "Whether it can serve: 503 while the database is away, a table or migration is missing, or passwords cannot be checked",
    guard: "anyone",
    response: ok(HealthResponse),
  },
  {
    method: "get",
    path: "/api/metrics",
    summary: "What this process counts, for Prometheus; only where they are turned on",
    guard: "token",
    response: { status: 200, type: "text/plain" },
  },
  {
    method: "get",
    path: "/api/openapi.json",
    summary: "This document",
    guard: "anyone",
    response: { status: 200, type: "application/json" },
  },
];
