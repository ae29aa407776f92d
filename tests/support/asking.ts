// What a page of the app itself would send.
import type { Asking } from "./raw-request";

type Headers = Record<string, string | string[]>;

/** What a browser adds when a page of ours asks. */
export const FROM_HERE = { "Sec-Fetch-Site": "same-origin" };

/** A request with that cookie, as `signIn` gives it. */
export function withCookie(cookie: string, asking: Asking = {}): Asking {
  return { ...asking, headers: { ...asking.headers, Cookie: cookie } };
}

/** A POST of JSON from a page of ours, unless `headers` say otherwise. */
export function postJson(body: unknown, headers: Headers = FROM_HERE): Asking {
  return {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  };
}
