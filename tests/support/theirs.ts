// The line between what a team writes and what Gatehouse brings, which an update may replace.

/** What a team edits, their own pages apart. */
export const THEIRS = [
  "app/navigation.ts",
  "lib/brand.ts",
  "app/brand.css",
  "app/icon.svg",
  "app/favicon.ico",
  "lib/roles.ts",
  "lib/request/public.ts",
  "lib/request/hidden.ts",
  "lib/session/data.ts",
  "lib/events/on-event.ts",
  "lib/db/own-tables.ts",
  "lib/db/own-columns.ts",
];

/** Pages that Gatehouse begins and a team goes on with. */
export const THEIR_PAGES = ["app/page.tsx", "app/dashboard/page.tsx"];

/** The rooms of `app` and of `app/api` that Gatehouse brings. Every other is a team's. */
export const ROOMS = [
  "(cookie)",
  "(mailed)",
  "_devices",
  "_forms",
  "_home",
  "_shell",
  "_ui",
  "account",
  "admin",
  "dashboard",
  "dev",
  "forgot-password",
  "reauthenticate",
  "sign-in",
  "sign-up",
  "unavailable",
  "api/[...unknown]",
  "api/account",
  "api/admin",
  "api/health",
  "api/metrics",
  "api/openapi.json",
  "api/password-resets",
  "api/session",
  "api/sessions",
].map((room) => `app/${room}/`);

/** Whether a source is Gatehouse's own: judged for its size, its arrows and its doors. */
export function isGatehouses(path: string): boolean {
  if (THEIRS.includes(path) || THEIR_PAGES.includes(path)) return false;
  if (!/^app\/.*\//.test(path)) return true;
  return ROOMS.some((room) => path.startsWith(room));
}
