// A browser without JavaScript: it keeps cookies, follows redirects and sends forms.
import { type Fields, hiddenFields, multipart } from "./forms";
import type { Asking, RawResponse, Requesting } from "./raw-request";
import { isClearing, parseSetCookie } from "./set-cookie";

export interface Visit {
  /** Where the redirects led, in order. */
  readonly hops: readonly string[];
  /** The answer that was no redirect. */
  readonly response: RawResponse;
}

export interface Visitor {
  /** The cookies by name; a test may put any in. */
  readonly jar: Map<string, string>;
  /** Every `Set-Cookie` that came, as it came. */
  readonly received: string[];
  /** One request with the cookies of the jar. */
  ask(path: string, asking?: Asking): Promise<RawResponse>;
  /** Opens an address and follows redirects, at most ten. */
  open(path: string): Promise<Visit>;
  /** Opens a page, and sends the form with that button; its answer is not followed. */
  submit(path: string, button: string, fields?: Fields): Promise<RawResponse>;
}

const MOST_HOPS = 10;

export function newVisitor(app: Requesting): Visitor {
  const jar = new Map<string, string>();
  const received: string[] = [];

  async function ask(path: string, asking: Asking = {}): Promise<RawResponse> {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { ...(cookie ? { Cookie: cookie } : {}), ...asking.headers };
    const response = await app.request(path, { ...asking, headers });
    received.push(...response.setCookies);
    for (const line of response.setCookies) keep(jar, line);
    return response;
  }

  async function open(path: string): Promise<Visit> {
    const hops: string[] = [];
    for (let response = await ask(path); ; response = await ask(hops.at(-1) ?? path)) {
      if (response.status < 300 || response.status > 399) return { hops, response };
      hops.push(response.header("location"));
      if (hops.length > MOST_HOPS) throw new Error(`Redirects without end: ${hops.join(" → ")}`);
    }
  }

  async function submit(path: string, button: string, fields: Fields = []): Promise<RawResponse> {
    const page = await ask(path);
    const hidden = hiddenFields(page.text, button).filter(
      ([name]) => !fields.some(([given]) => given === name),
    );
    const form = multipart([...hidden, ...fields]);
    const headers = { ...form.headers, "Sec-Fetch-Site": "same-origin" };
    return ask(path, { method: "POST", headers, body: form.body });
  }

  return { jar, received, ask, open, submit };
}

function keep(jar: Map<string, string>, line: string): void {
  const cookie = parseSetCookie(line);
  if (isClearing(cookie)) jar.delete(cookie.name);
  else jar.set(cookie.name, cookie.value);
}
