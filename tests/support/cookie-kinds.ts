// The four kinds of cookie that a request can bring, and how to ask with each.

import { newUser } from "@/tests/helpers/people";
import { FROM_HERE, withCookie } from "./asking";
import { signIn } from "./people";
import type { Asking, RawResponse } from "./raw-request";
import { builtRoutes } from "./routes";
import type { SharedApp } from "./running-app";

export const KINDS = ["no", "live", "dead", "garbage"] as const;
export type Kind = (typeof KINDS)[number];

/** Files of the build that have an address of their own. */
export const FILES = ["/icon.svg", "/favicon.ico"];

const ODD = ["/nothing", "/api", "//dashboard", "/dashboard/", "/%", "/_global-error"];

/** Every address whose answer may depend on who asks. */
export function privateAddresses(): string[] {
  const { pages, handlers } = builtRoutes();
  return [...pages, ...handlers.filter((path) => !FILES.includes(path)), ...ODD];
}

export type Ask = (path: string, kind: Kind, asking?: Asking) => Promise<RawResponse>;

/** Gives a function that asks with a cookie of that kind. */
export async function askingWithKinds(app: SharedApp): Promise<Ask> {
  const user = await newUser();
  const [live, dead] = [await signIn(app, user), await signIn(app, user)];
  await app.request("/api/session", withCookie(dead, { method: "DELETE", headers: FROM_HERE }));
  const cookies = { no: "", live, dead, garbage: "session=garbage" };
  return (path, kind, asking = {}) =>
    app.request(path, cookies[kind] ? withCookie(cookies[kind], asking) : asking);
}
