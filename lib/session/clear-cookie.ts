import { settings } from "@/lib/env";
import { cookieAttributes, sessionCookieName } from "@/lib/session/cookie";

/** The names that this cookie may have had under other settings: cleared along with it. */
export function formerCookieNames(): string[] {
  const { SESSION_COOKIE_NAME: name } = settings();
  const names = [name, `__Host-${name}`, `__Secure-${name}`];
  return names.filter((former) => former !== sessionCookieName());
}

// Longer ones are no addresses of ours, and a proxy takes only so many bytes of headers.
const MOST_SEGMENTS = 6;

/**
 * The `Set-Cookie` lines that take the session cookie away wherever a sibling host can have put one
 * that comes with a request to these paths: at every parent path, for every parent domain and for
 * none (RFC 6265bis, 5.7). One line where the name's prefix leaves room for no other.
 */
export function clearingLines(paths: readonly string[]): string[] {
  const name = sessionCookieName();
  const { secure, sameSite } = cookieAttributes();
  const flags = `Max-Age=0; ${secure ? "Secure; " : ""}HttpOnly; SameSite=${sameSite}`;
  const isAlone = name.startsWith("__Host-");
  const places = isAlone ? ["/"] : [...new Set(paths.flatMap(parentPaths))];
  const domains = isAlone ? [] : parentDomains(settings().APP_URL.hostname);
  return places.flatMap((path) =>
    ["", ...domains.map((domain) => ` Domain=${domain};`)].map(
      (domain) => `${name}=; Path=${path};${domain} ${flags}`,
    ),
  );
}

// "/a" and "/a/" are two, and both come with a request to "/a/b". What a cookie's path cannot hold,
// or what would begin another cookie, ends it.
function parentPaths(path: string): string[] {
  const [plain = ""] = path.split(/[?#;,]/);
  const ends = [...plain.matchAll(/\/+/g)].slice(1, MOST_SEGMENTS).map(({ index }) => index);
  const inner = ends.flatMap((end) => [plain.slice(0, end), plain.slice(0, end + 1)]);
  return [...new Set(["/", ...inner, plain])];
}

// Without a shared domain no other host's cookie gets here.
function parentDomains(host: string): string[] {
  if (!settings().SESSION_COOKIE_DOMAIN) return [];
  const labels = host.split(".");
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join("."));
}
