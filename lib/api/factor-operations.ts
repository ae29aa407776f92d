import "server-only";
import { z } from "zod";
import { type Operation, ok } from "@/lib/api/operations";
import { CurrentResponse } from "@/lib/api/session";
import { PasskeyInput } from "@/lib/request/passkey";
import { SecondStepInput } from "@/lib/request/sign-in";

/** What a browser asks a passkey to sign (WebAuthn, `PublicKeyCredentialRequestOptionsJSON`). */
const AssertionOptions = z.looseObject({ challenge: z.string(), rpId: z.string() });

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
  {
    method: "post",
    path: "/api/session/passkey",
    summary: "Ask for a challenge with {}, then sign in by what a passkey has signed",
    guard: "anyone",
    proof: true,
    body: PasskeyInput,
    response: ok(z.union([AssertionOptions, CurrentResponse])),
  },
];
