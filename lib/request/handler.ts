import "server-only";
import { HashingBusy } from "@/lib/account/hashing-threads";
import { Throttled } from "@/lib/account/throttle";
import { isAtLeast } from "@/lib/account/user";
import { BadCursor } from "@/lib/cursor";
import type { Role } from "@/lib/db/schema";
import { isDatabaseUnavailable } from "@/lib/db/unavailable";
import { log } from "@/lib/log";
import { BadRequest } from "@/lib/request/body";
import { type Current, currentSession } from "@/lib/request/current";
import { foreignOriginWords, isEmbedded, isSameOrigin, ORIGIN_VARY } from "@/lib/request/origin";
import {
  badFields,
  databaseAway,
  notAllowed,
  notForTags,
  notFoundProblem,
  outranked,
  problem,
  proofNeeded,
  tooBusy,
  tooManyTries,
  unauthenticated,
  unexpected,
} from "@/lib/request/problem";
import { renewIfDue } from "@/lib/request/renew";
import { holdingSessionData } from "@/lib/request/session-data";
import { requestId } from "@/lib/request-scope";
import { AuthorityLost } from "@/lib/session/authority";
import { Outranked } from "@/lib/session/end-chosen";
import { isProofFresh } from "@/lib/session/policy";

const READING = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * The lock of a route handler that anybody may call. What changes something passes only from this
 * site; every error becomes problem+json, the database being away a 503 that leaves the cookie be.
 */
export function withoutSession<Context>(
  handler: (request: Request, context: Context) => Promise<Response>,
) {
  return async (request: Request, context: Context): Promise<Response> => {
    if (!READING.has(request.method) && !isSameOrigin(request.headers)) return refuse(request);
    try {
      return await handler(request, context);
    } catch (error) {
      return answerTo(error, request);
    }
  };
}

/** What else a handler for signed-in users asks for. */
interface Lock {
  readonly role?: Role;
  readonly isHidden?: boolean;
  readonly recentProof?: boolean;
}

/**
 * The lock of a route handler for signed-in users, and for a role and those above it: 401 without
 * a session, 403 without the role (404 with `isHidden`: for members the address does not exist).
 * With `recentProof`, 403 of its own type unless a password was given lately (ASVS 7.5.1).
 */
export function withSession<Context>(
  handler: (request: Request, current: Current, context: Context) => Promise<Response>,
  { role = "member", isHidden = false, recentProof = false }: Lock = {},
) {
  return withoutSession(async (request: Request, context: Context) => {
    if (isEmbedded(request.headers)) return notForTags();
    const current = await currentSession();
    if (!current) return unauthenticated();
    if (!isAtLeast(current.user.role, role))
      return isHidden && current.user.role === "member" ? notFoundProblem() : notAllowed();
    if (recentProof && !isProofFresh(current.session, new Date())) return proofNeeded();
    await renewIfDue(current.session);
    return holdingSessionData(() => handler(request, current, context));
  });
}

function refuse(request: Request): Response {
  const detail = foreignOriginWords(request.headers);
  log().warn({ path: new URL(request.url).pathname }, detail);
  return problem({ status: 403, title: "Refused", detail }, { Vary: `Cookie, ${ORIGIN_VARY}` });
}

// What the lock would have said, had it been asked as late.
const LOST: Record<AuthorityLost["why"], () => Response> = {
  signed_out: unauthenticated,
  not_allowed: notAllowed,
  proof_needed: proofNeeded,
};

function answerTo(error: unknown, request: Request): Response {
  if (error instanceof AuthorityLost) return LOST[error.why]();
  if (error instanceof Outranked) return outranked();
  if (error instanceof BadRequest) return problem(error.problem);
  if (error instanceof BadCursor) return badFields({ cursor: [error.message] });
  if (error instanceof HashingBusy) return tooBusy();
  if (error instanceof Throttled) return tooManyTries(error.retryAfterSeconds);
  log().error({ err: error, method: request.method }, "a request failed");
  return isDatabaseUnavailable(error) ? databaseAway() : unexpected(requestId() ?? "not known");
}
