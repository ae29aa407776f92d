import "server-only";
import { type Operation, ok } from "@/lib/api/operations";
import { CurrentResponse } from "@/lib/api/session";
import { SecondStepInput } from "@/lib/request/sign-in";

/** What comes after a right password, where the account has a second factor. */
export const FACTOR_OPERATIONS: readonly Operation[] = [
  {
    method: "post",
    path: "/api/session/second-factor",
    summary: "Give the code of a second factor, after a right password",
    guard: "anyone",
    password: true,
    body: SecondStepInput,
    response: ok(CurrentResponse),
  },
];
