// Second factors of people of a test's own, as if they had set them up some time ago.
import { Secret, TOTP } from "otpauth";
import { inTransaction } from "@/lib/db/transaction";
import { noteFactorsChanged } from "@/lib/factors/factors";
import { replaceRecoveryCodes } from "@/lib/factors/recovery-codes";
import { insertTotp, newTotpSecret } from "@/lib/factors/totp";
import { newUser } from "@/tests/helpers/people";
import { postJson } from "./asking";
import type { Requesting } from "./raw-request";
import { change } from "./sql";

export const STEP_MS = 30_000;

export interface App {
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
  /** When it was set up. */
  readonly since: Date;
  /** What it shows at that time. */
  code(at?: Date): string;
}

/** Gives a user an authenticator app, whose every code is still good, and recovery codes. */
export async function giveApp({ id: userId }: { readonly id: number }): Promise<App> {
  const secret = newTotpSecret();
  const now = new Date();
  const recoveryCodes = await inTransaction(async (transaction) => {
    await insertTotp(transaction, { userId, secret, step: 0 }, now);
    await noteFactorsChanged(transaction, userId, now);
    return replaceRecoveryCodes(transaction, userId, now);
  });
  return { secret, recoveryCodes, since: now, code: (at = new Date()) => codeOf(secret, at) };
}

/** Gives somebody who is signed in an authenticator app, as if they had just given its code. */
export async function proveByFactor(user: { readonly id: number }): Promise<App> {
  const methods = '["password","totp"]';
  await change("UPDATE sessions SET method_list = ? WHERE user_id = ?", [methods, user.id]);
  return giveApp(user);
}

/** What an authenticator app with that secret shows. */
export function codeOf(secret: string, at = new Date()): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at.getTime() });
}

/** Somebody with an authenticator app who has given the password alone, and the cookie that says so. */
export async function betweenFactors(app: Requesting) {
  const user = await newUser();
  const authenticator = await giveApp(user);
  const { username: identifier, password } = user;
  const { setCookies } = await app.request("/api/session", postJson({ identifier, password }));
  const cookie = setCookies.map((line) => line.split(";")[0] ?? "").join("; ");
  return { user, cookie, code: () => authenticator.code() };
}
