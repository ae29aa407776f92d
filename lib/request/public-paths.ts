import { PATHS_OF_BUILD } from "@/lib/env";
import { PUBLIC } from "@/lib/request/public";

/** Everything that opens without a session, and why it may: what Gatehouse brings, and a team's own. */
export const ALL_PUBLIC: Readonly<Record<string, string>> = {
  "page /sign-in": "where a stranger becomes somebody",
  "page /sign-in/second-factor": "asks for the code of somebody whose password was right",
  "page /forgot-password": "asks for a link to set a new password",
  "page /reset-password": "sets one by a mailed link",
  "page /verify-email": "confirms an address by a mailed link",
  "page /invitation": "sets a first password by a mailed link",
  "page /not-me": "ends what somebody else began, by a mailed link",
  "page /take-back": "undoes a change by a mailed link",
  "page /sign-up": "makes an account, where the site lets people; elsewhere 404",
  "page /dev/mail": "shows mails on a site that is for this machine alone; elsewhere 404",
  "GET /dev/mail/html": "shows one of them as HTML, on the same terms",
  "metadata app/layout.tsx generateMetadata": "says what the site is called",
  "page /unavailable": "shown while the database is away, and asks it nothing",
  "GET /session/ended": "clears the cookie of a session that is over",
  "GET /session/renew": "hands a new secret to whoever holds a live session",
  "GET /session/adopt": "takes over a session at the Django site that people move in from",
  "POST /api/session": "signs in",
  "POST /api/session/second-factor": "takes the second step of a sign-in",
  "POST /api/session/passkey": "gives a challenge, and signs in by what a passkey has signed",
  "DELETE /api/session": "signs out, with or without a session",
  "GET /api/health/live": "says that the process runs",
  "GET /api/health/ready": "says whether the process can serve",
  "GET /api/metrics": "asks for METRICS_TOKEN itself",
  "GET /api/openapi.json": "describes the API, the same for everybody",
  "POST /api/password-resets": "asks for a link to set a new password",
  "POST /api/password-resets/[token]": "sets one by a mailed token",
  "action app/forgot-password/actions.ts forgotPasswordAction": "asks for a link",
  "action app/sign-up/actions.ts signUpAction": "makes an account, where the site lets people",
  "action app/(mailed)/reset-password/actions.ts resetPasswordAction": "by a mailed link",
  "action app/(mailed)/verify-email/actions.ts verifyEmailAction": "by a mailed link",
  "action app/(mailed)/verify-email/actions.ts resendAction": "asks for the link once more",
  "action app/(mailed)/invitation/actions.ts acceptInvitationAction": "by a mailed link",
  "action app/(mailed)/not-me/actions.ts notMeAction": "by a mailed link",
  "action app/(mailed)/take-back/actions.ts takeBackAction": "by a mailed link",
  "action app/(mailed)/take-back/actions.ts keepAccountAction": "by a mailed link",
  "action app/(mailed)/take-back/actions.ts keepFactorsAction": "by a mailed link",
  "action app/sign-in/actions.ts signInAction": "signs in",
  "action app/sign-in/second-factor/actions.ts secondFactorAction": "takes the second step",
  "action app/_shell/sign-out.ts signOut": "signs out, with or without a session",
  ...PUBLIC,
};

/** Whether strangers may open a path that people go to. */
export function isPublicPath(path: string): boolean {
  return Object.hasOwn(ALL_PUBLIC, `page ${path}`) || Object.hasOwn(ALL_PUBLIC, `GET ${path}`);
}

// Where none are told, each may be one.
const pathsOfBuild = new RegExp(PATHS_OF_BUILD);

/** Whether a page or handler of the build may have that path: where none has, nobody needs to sign in. */
export function isPathOfBuild(path: string): boolean {
  return pathsOfBuild.test(path);
}
