import { settings } from "@/lib/env";

/**
 * Whether a request that changes something comes from a page of this site (OWASP CSRF cheat sheet,
 * ASVS 3.5.1). `Sec-Fetch-Site` cannot be set by a page's script; where a browser is too old to
 * send it, `Origin` must be that of `APP_URL`. Neither: no. `Host` and `X-Forwarded-Host` are
 * never asked, since a client may write into them what it likes.
 */
export function isSameOrigin(headers: Headers): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin";
  return headers.get("origin") === settings().APP_URL.origin;
}

/** What a refusal by `isSameOrigin` depends on, for the `Vary` header. */
export const ORIGIN_VARY = "Origin, Sec-Fetch-Site";

/** What to tell a person whose request was refused, with what to mend behind a proxy. */
export function foreignOriginWords(headers: Headers): string {
  const origin = headers.get("origin") ?? "no origin";
  return (
    "This request did not come from a page of this site, so nothing was changed. " +
    `If this is your own site: APP_URL is ${settings().APP_URL.origin}, the browser named ${origin}.`
  );
}
