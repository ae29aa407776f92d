/**
 * Everything that opens without a session, and why it may: all else is locked. A page or a handler
 * by its method and path, a server action by its file and name, a file by its path; a page of a slot,
 * a layout or metadata by its source. The middleware lets these paths through, and `manage guards`
 * fails on whatever is open and not named here, and on whatever is named here and not open.
 */
export const PUBLIC: Readonly<Record<string, string>> = {
  "page /": "the start page says who is signed in, if anybody",
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
  "file /favicon.ico": "the icon of the site",
  "file /icon.svg": "the icon of the site",
};

/** Whether strangers may open a path that people go to. */
export function isPublicPath(path: string): boolean {
  return Object.hasOwn(PUBLIC, `page ${path}`) || Object.hasOwn(PUBLIC, `GET ${path}`);
}
