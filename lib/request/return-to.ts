/** Where sign-in leads when nothing better is known. */
export const DEFAULT_RETURN_TO = "/dashboard";

// A host that no link can have, so that "same origin" means "a path of ours" whatever APP_URL is.
const HERE = "http://own.invalid";
const LONGEST = 2048;

/**
 * The path, query and fragment to go on to, or the dashboard when `value` is anything but a path
 * of this site (open redirects, ASVS 3.7.2). The result is judged, not the input: browsers drop
 * tabs and newlines, take backslashes for slashes and resolve dots before they go.
 */
export function safeReturnTo(value: unknown): string {
  if (typeof value !== "string" || !value.startsWith("/") || value.length > LONGEST)
    return DEFAULT_RETURN_TO;
  const path = ownPath(value);
  const isStable = path !== null && ownPath(path) === path;
  return isStable && !leadsBackHere(path) ? path : DEFAULT_RETURN_TO;
}

function ownPath(value: string): string | null {
  if (!URL.canParse(value, HERE)) return null;
  const url = new URL(value, HERE);
  if (url.origin !== HERE || url.username || url.password) return null;
  return `${url.pathname}${withoutRouters(url.search)}${url.hash}`;
}

// What Next's router adds to requests of its own: no person asked for it, and the page that it leads
// to would be the router's payload. Piece by piece, since a query that is taken apart and put together
// again comes out in another spelling.
const ROUTERS = /^(_rsc$|nxt[PI])/;

function withoutRouters(search: string): string {
  const pieces = search.slice(1).split("&");
  const kept = pieces.filter(
    (piece) => !ROUTERS.test([...new URLSearchParams(piece).keys()][0] ?? ""),
  );
  return kept.length === pieces.length ? search : kept.length > 0 ? `?${kept.join("&")}` : "";
}

// The sign-in page as the goal of a sign-in, or a way out as its goal, would go in circles.
function leadsBackHere(path: string): boolean {
  const decoded = path
    .replace(/[?#].*$/s, "")
    .replace(/\/+$/, "")
    .toLowerCase();
  return (
    [
      "/sign-in",
      "/sign-in/second-factor",
      "/session/ended",
      "/session/adopt",
      "/session/renew",
      "/unavailable",
    ].includes(decoded) || decoded.startsWith("/api/")
  );
}

/** A path of ours with a `returnTo` beside other parameters; the default goes without saying. */
export function withReturnTo(
  path: string,
  returnTo: string,
  parameters: Record<string, string> = {},
) {
  const query = new URLSearchParams(parameters);
  if (returnTo !== DEFAULT_RETURN_TO) query.set("returnTo", returnTo);
  return query.size > 0 ? `${path}?${query}` : path;
}

/**
 * A redirect that is always followed by a GET, kept by nobody. The path stays relative: neither
 * `Host` nor `X-Forwarded-Host` of a client gets into it (ASVS 4.1.3).
 */
export function seeOther(path: string): Response {
  return new Response(null, {
    status: 303,
    headers: { Location: path, "Cache-Control": "private, no-store", Vary: "Cookie" },
  });
}
