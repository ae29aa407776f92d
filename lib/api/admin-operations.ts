import "server-only";
import { EventsAnswer, EventsQuery } from "@/lib/api/event";
import { NOTHING, type Operation, ok } from "@/lib/api/operation";
import { EndedAnswer, SessionsAnswer, SessionsQuery } from "@/lib/api/session";
import { StatsAnswer } from "@/lib/api/stats";
import {
  AddUserAnswer,
  AddUserBody,
  ChangeUserAnswer,
  ChangeUserBody,
  TemporaryPasswordAnswer,
  UsersAnswer,
  UsersQuery,
} from "@/lib/api/user";

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
