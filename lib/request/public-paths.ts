import { PUBLIC } from "@/lib/request/public";

/** Everything that opens without a session, and why it may: what Gatehouse brings, and a team's own. */
export const ALL_PUBLIC: Readonly<Record<string, string>> = {
  "page /sign-in": "where a stranger becomes somebody",
  "page /unavailable": "shown while the database is away, and asks it nothing",
  "GET /session/ended": "clears the cookie of a session that is over",
  "GET /session/renew": "hands a new secret to whoever holds a live session",
  "POST /api/session": "signs in",
  "DELETE /api/session": "signs out, with or without a session",
  "GET /api/health/live": "says that the process runs",
  "GET /api/health/ready": "says whether the process can serve",
  "GET /api/metrics": "asks for METRICS_TOKEN itself",
  "GET /api/openapi.json": "describes the API, the same for everybody",
  "action app/sign-in/actions.ts signInAction": "signs in",
  "action app/_shell/sign-out.ts signOut": "signs out, with or without a session",
  ...PUBLIC,
};

/** Whether strangers may open a path that people go to. */
export function isPublicPath(path: string): boolean {
  return Object.hasOwn(ALL_PUBLIC, `page ${path}`) || Object.hasOwn(ALL_PUBLIC, `GET ${path}`);
}
