import "server-only";
import type { z } from "zod";
import { BadCursor } from "@/lib/cursor";
import { isDatabaseUnavailable, isUnstorableText } from "@/lib/db/errors";
import { lacksFactor, type NeededFactor } from "@/lib/factors/policy";
import { log } from "@/lib/log";
import { BadRequest, heldBody } from "@/lib/request/body";
import { clearingEverywhere } from "@/lib/request/clear-cookie";
import { isBackground } from "@/lib/request/client";
import { type Current, hasProved, presentedSession, renewIfDue } from "@/lib/request/current";
import { factorNeeded } from "@/lib/request/factor-problem";
import { foreignOriginWords, isEmbedded, isSameOrigin, ORIGIN_VARY } from "@/lib/request/origin";
import {
  badFields,
  databaseAway,
  notAllowed,
  notForTags,
  notFoundProblem,
  ownPasswordNeeded,
  problem,
  proofNeeded,
  secretReplaced,
  severalUsers,
  unauthenticated,
  unexpected,
  unstorable,
} from "@/lib/request/problem";
import { holdingSessionData } from "@/lib/request/session-data";
import { reached, requestId } from "@/lib/request-scope";
import type { Role } from "@/lib/roles";
import { AuthorityLost } from "@/lib/session/authority";
import { isAtLeast } from "@/lib/users/user";

const READING = new Set(["GET", "HEAD", "OPTIONS"]);

/** What a handler takes besides its address. */
interface Taking<Body> {
  /** The JSON that it takes: 64 KiB at most, within 30 seconds. Without it the body is its own affair. */
  readonly body?: z.ZodType<Body>;
}

/**
 * The guard of a route handler that anybody may call. What changes something passes only from this
 * site; every error becomes problem+json, the database being away a 503 that leaves the cookie be.
 * With a schema in `body` the handler gets the parsed body; what does not fit is 400, 408, 413 or
 * 415.
 */
export function withoutSession<Context, Body = undefined>(
  handler: (request: Request, context: Context, body: NoInfer<Body>) => Promise<Response>,
  { body }: Taking<Body> = {},
) {
  return async (request: Request, context: Context): Promise<Response> => {
    reached();
    if (!READING.has(request.method) && !isSameOrigin(request.headers)) return refuse(request);
    try {
      const told = await read(request, body);
      return await handler(request, context, told());
    } catch (error) {
      return responseTo(error, request);
    }
  };
}

async function read<Body>(request: Request, schema?: z.ZodType<Body>): Promise<() => Body> {
  if (schema) return heldBody(request, schema);
  // Without a schema `Body` is undefined, since nothing else can infer it.
  return () => undefined as Body;
}

/** What else a handler for signed-in users asks for. */
interface Guard<Body> extends Taking<Body> {
  readonly role?: Role;
  readonly isHidden?: boolean;
  readonly recentProof?: boolean;
  readonly factor?: NeededFactor;
}

/**
 * The guard of a route handler for signed-in users, and for a role and those above it: 401 without
 * a session; 401 of its own type with those of several users, whose cookies are cleared; 403 without
 * the role (404 with `isHidden`: for members the address does not exist); 403 of its own type with a
 * temporary password, and without the second factor that the site asks for; 409 for a change that comes with the secret before the last, whose browser has
 * a new one by now. With `recentProof`, 403 of its own type unless a proof was given lately (ASVS
 * 7.5.1), and with `factor` unless that second factor was part of the last one. With a schema in `body`, that is read before anything is asked, and parsed after all of
 * this.
 */
export function withSession<Context, Body = undefined>(
  handler: (
    request: Request,
    current: Current,
    context: Context,
    body: NoInfer<Body>,
  ) => Promise<Response>,
  { role = "member", isHidden = false, recentProof: fresh = false, factor, body }: Guard<Body> = {},
) {
  return withoutSession(async (request: Request, context: Context) => {
    if (isEmbedded(request.headers)) return notForTags();
    const told = await read(request, body);
    const current = await presentedSession();
    if (current.state === "several") return noneTaken(request);
    if (current.state !== "live") return unauthenticated();
    const isAllowed = isAtLeast(current.user.role, role);
    if (!isAllowed && isHidden && current.user.role === "member") return notFoundProblem();
    if (current.user.passwordIsTemporary) return ownPasswordNeeded();
    if (lacksFactor(current.user)) return factorNeeded();
    if (!isAllowed) return notAllowed();
    if (current.token === "former" && !READING.has(request.method)) return secretReplaced();
    const needed = { fresh, ...(factor ? { factor } : {}) };
    if (!hasProved(current, needed, new Date()))
      return factor && current.user.factorsChangedAt === null ? factorNeeded() : proofNeeded();
    const given = told();
    const renewed = await renewIfDue(current);
    return holdingSessionData(() => handler(request, renewed, context, given));
  });
}

// What a page asks by itself clears nothing: it is the page that must tell the person why.
function noneTaken({ headers, url }: Request): Response {
  return isBackground(headers)
    ? severalUsers()
    : clearingEverywhere(severalUsers(), new URL(url).pathname);
}

function refuse(request: Request): Response {
  const detail = foreignOriginWords(request.headers);
  log().warn({ path: new URL(request.url).pathname }, detail);
  return problem({ status: 403, title: "Refused", detail }, { Vary: `Cookie, ${ORIGIN_VARY}` });
}

// What the guard would have said, had it been asked as late.
const LOST: Record<AuthorityLost["why"], () => Response> = {
  signed_out: unauthenticated,
  not_allowed: notAllowed,
  secret_replaced: secretReplaced,
  proof_needed: proofNeeded,
};

// Whose body is not here yet would send it after the response: the connection ends with that.
function badRequest({ problem: fault }: BadRequest): Response {
  return problem(fault, fault.status === 408 ? { Connection: "close" } : {});
}

function responseTo(error: unknown, request: Request): Response {
  if (error instanceof AuthorityLost) return LOST[error.why]();
  if (error instanceof BadRequest) return badRequest(error);
  if (error instanceof BadCursor) return badFields({ cursor: [error.message] });
  log().error({ err: error, method: request.method }, "a request failed");
  if (isUnstorableText(error)) return unstorable();
  return isDatabaseUnavailable(error) ? databaseAway() : unexpected(requestId() ?? "not known");
}
