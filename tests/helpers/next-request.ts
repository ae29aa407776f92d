// Route handlers run in this process, without a server: here is what `next/headers` and
// `next/server` give them. A test file that uses it puts this module in the place of both:
//   vi.mock("next/headers", () => import("@/tests/helpers/next-request"));
//   vi.mock("next/server", () => import("@/tests/helpers/next-request"));
import { AsyncLocalStorage } from "node:async_hooks";
import { RequestCookies, ResponseCookies } from "next/dist/server/web/spec-extension/cookies";

interface Served {
  readonly headers: Headers;
  readonly jar: ResponseCookies;
  readonly afterwards: (() => Promise<unknown>)[];
}

declare global {
  // Here, since modules that are imported anew must find the same one.
  var servedRequest: AsyncLocalStorage<Served> | undefined;
}
globalThis.servedRequest ??= new AsyncLocalStorage<Served>();
const storage = globalThis.servedRequest;

export async function headers(): Promise<Headers> {
  return served().headers;
}

export async function cookies() {
  const { headers, jar } = served();
  const brought = new RequestCookies(headers);
  return {
    has: (name: string) => jar.has(name) || brought.has(name),
    set: (...cookie: Parameters<ResponseCookies["set"]>) => jar.set(...cookie),
  };
}

export function after(work: () => Promise<unknown>): void {
  served().afterwards.push(work);
}

export interface Answered {
  readonly status: number;
  readonly text: string;
  /** As `Set-Cookie` has them. */
  readonly setCookies: string[];
}

/** What a route handler answers to a request of our own pages, once all that comes after is done. */
export async function responseOf(
  handler: (request: Request, context: object) => Promise<Response>,
  asking: {
    method?: string;
    cookie?: string;
    headers?: Record<string, string>;
    body?: string;
  } = {},
): Promise<Answered> {
  const { method = "GET", cookie, body } = asking;
  const request = new Request("http://localhost:3000/api/test", {
    method,
    headers: { ...asking.headers, ...(cookie ? { cookie } : {}), "sec-fetch-site": "same-origin" },
    ...(body === undefined ? {} : { body }),
  });
  const set = new Headers();
  const own: Served = { headers: request.headers, jar: new ResponseCookies(set), afterwards: [] };
  const response = await storage.run(own, () => handler(request, {}));
  for (const work of own.afterwards) await work();
  const setCookies = [...set.getSetCookie(), ...response.headers.getSetCookie()];
  return { status: response.status, text: await response.text(), setCookies };
}

function served(): Served {
  const current = storage.getStore();
  if (!current) throw new Error("This was called outside of a request");
  return current;
}
