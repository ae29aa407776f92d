// Programs that ask the API: a person who is signed in, and what they ask.
import type { Role } from "@/lib/roles";
import { FROM_HERE, withCookie } from "./asking";
import { newUser, signIn, type TestUser } from "./people";
import type { Answer } from "./raw-request";
import type { RunningApp } from "./running-app";
import { change } from "./sql";

export interface ApiUser extends TestUser {
  /** As a `Cookie` header has it. */
  readonly cookie: string;
  get(path: string): Promise<Answer>;
  /** From a page of ours, with that JSON body if one is given. */
  send(method: string, path: string, body?: unknown): Promise<Answer>;
}

/** Somebody new, signed in a moment ago; or somebody given, signed in once more. */
export async function apiUser(
  app: Pick<RunningApp, "request">,
  who: { role?: Role; user?: TestUser } = {},
): Promise<ApiUser> {
  const user = who.user ?? (await newUser({ role: who.role ?? "member" }));
  const cookie = await signIn(app, user);
  const send = (method: string, path: string, body?: unknown) => {
    const type = body === undefined ? {} : { "Content-Type": "application/json" };
    const text = body === undefined ? {} : { body: JSON.stringify(body) };
    return app.request(
      path,
      withCookie(cookie, { method, headers: { ...FROM_HERE, ...type }, ...text }),
    );
  };
  return { ...user, cookie, get: (path) => app.request(path, withCookie(cookie)), send };
}

/** Makes the last proof of a user's sessions 16 minutes old: one too many. */
export async function makeProofOld({ id }: TestUser): Promise<void> {
  await change(
    "UPDATE sessions SET authenticated_at = authenticated_at - INTERVAL 16 MINUTE WHERE user_id = ?",
    [id],
  );
}
