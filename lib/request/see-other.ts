import "server-only";

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
