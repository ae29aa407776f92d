import "server-only";
import { NOTHING, type Operation, ok } from "@/lib/api/operation";
import { CurrentAnswer, EndedAnswer, OwnSessionsAnswer } from "@/lib/api/session";
import { ProofInput } from "@/lib/request/reauthenticate";
import { SignInInput } from "@/lib/request/sign-in";

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
