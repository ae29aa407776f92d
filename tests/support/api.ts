// Programs that ask the API: a person who is signed in, and what they ask.
import type { Role } from "@/lib/roles";
import { newUser, type TestUser } from "@/tests/helpers/people";
import { FROM_HERE, withCookie } from "./asking";
import { signIn } from "./people";
import type { RawResponse } from "./raw-request";
import type { SharedApp } from "./running-app";

export interface ApiUser extends TestUser {
  /** As a `Cookie` header has it. */
  readonly cookie: string;
  get(path: string): Promise<RawResponse>;
  /** From a page of ours, with that JSON body if one is given. */
  send(method: string, path: string, body?: unknown): Promise<RawResponse>;
}

/** Somebody new, signed in a moment ago; or somebody given, signed in once more. */
export async function apiUser(
  app: Pick<SharedApp, "request">,
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
