import "server-only";
import { z } from "zod";
import { checkCredentials } from "@/lib/account/credentials";
import { currentClient } from "@/lib/request/client";
import { type Current, presentedLiveIds } from "@/lib/request/current";
import { rememberDevice } from "@/lib/request/device-cookie";
import { setSessionCookie } from "@/lib/request/session-cookie";
import { type SignIn, type Started, startSession } from "@/lib/session/lifecycle";
import { SignInOvertaken } from "@/lib/session/sign-in-overtaken";
import { BroughtSecret } from "@/lib/session/token";

const LONGEST_FIELD = 1024;

/** What a sign-in gives; any other field is refused. A password is taken exactly as typed. */
export const SignInInput = z.strictObject({
  identifier: z.string().min(1, "Give a user name or an email.").max(LONGEST_FIELD),
  password: z.string().min(1, "Give a password.").max(LONGEST_FIELD),
  remember: z.boolean().default(false),
});

/**
 * The one way in: checks the credentials, ends whatever session the browser presented, starts a
 * new one and hands over its cookie. Null when the credentials fit nobody, whatever the cause.
 * Throws DatabaseUnavailable, Throttled and HashingBusy. Only in actions and route handlers.
 */
export async function signIn(input: z.output<typeof SignInInput>): Promise<Current | null> {
  const client = await currentClient();
  const verified = await checkCredentials(input, client, new Date());
  if (!verified) return null;
  const { user, passwordHash } = verified;
  const now = new Date();
  const replaced = await presentedLiveIds(now);
  const signIn = {
    user,
    passwordHash,
    persistent: input.remember,
    device: client.device,
    replaced,
  };
  const started = await startUnlessOvertaken(signIn, now);
  if (!started) return null;
  await setSessionCookie(started, now);
  await rememberDevice(client.known, user.id, now);
  const { session, token } = started;
  return { session, user, token: "present", brought: new BroughtSecret(token.secret) };
}

async function startUnlessOvertaken(signIn: SignIn, now: Date): Promise<Started | null> {
  try {
    return await startSession(signIn, now);
  } catch (error) {
    // To the person it looks like any credentials that do not fit.
    if (error instanceof SignInOvertaken) return null;
    throw error;
  }
}
