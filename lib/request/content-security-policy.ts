import { isDevelopment } from "@/lib/env";

/** The policy of one page: only scripts of ours that carry this answer's nonce run (ASVS 3.4.3). */
export function contentSecurityPolicy(nonce: string): string {
  // Development tools compile and style in the page.
  const [evaluation, style] = isDevelopment()
    ? [" 'unsafe-eval'", "'unsafe-inline'"]
    : ["", `'nonce-${nonce}'`];
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${evaluation}`,
    `style-src 'self' ${style}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
  ].join("; ");
}
