import "server-only";
import type { Busy } from "@/lib/auth/password-threads";
import type { Throttled } from "@/lib/auth/throttle-counters";

/** What is wrong with each field, in sentences. */
export type FieldErrors = Record<string, string[]>;

export interface Problem {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** A name of ours where a program must tell this problem from others of its status. */
  readonly type?: string;
  readonly errors?: FieldErrors;
}

// Nothing that depends on a session may be kept, by browsers or by what is in between.
const PRIVATE = { "Cache-Control": "private, no-store", Vary: "Cookie" };

/** A JSON answer that nobody keeps. */
export function json(body: unknown, status = 200): Response {
  const headers = { ...PRIVATE, "Content-Type": "application/json; charset=utf-8" };
  return new Response(JSON.stringify(body), { status, headers });
}

/** A response of text that nobody keeps. */
export function text(body: string, type: string): Response {
  return new Response(body, { headers: { ...PRIVATE, "Content-Type": type } });
}

/** The response to what is done, or not, without a word. */
export function accepted(): Response {
  return new Response(null, { status: 202, headers: PRIVATE });
}

/** A response without a body. */
export function noContent(): Response {
  return new Response(null, { status: 204, headers: PRIVATE });
}

export const PROBLEM_TYPE = "application/problem+json; charset=utf-8";

/** An error as RFC 9457 writes it. */
export function problemText(fault: Problem): string {
  const { type = "about:blank", title, status, detail, errors } = fault;
  return JSON.stringify({ type, title, status, detail, errors });
}

/** The response to an error. */
export function problem(fault: Problem, headers: Record<string, string> = {}): Response {
  return new Response(problemText(fault), {
    status: fault.status,
    headers: { ...PRIVATE, "Content-Type": PROBLEM_TYPE, ...headers },
  });
}

export const badFields = (errors: FieldErrors) =>
  problem({ status: 400, title: "Bad request", detail: "Look at the fields named.", errors });

export const unauthenticated = () =>
  problem({
    status: 401,
    title: "Not signed in",
    detail: "Sign in first: there is no live session.",
  });

export const severalUsers = () =>
  problem({
    status: 401,
    type: "urn:gatehouse:several-users",
    title: "Several accounts",
    detail:
      "Session cookies of more than one account came with this request, so none of them counts. Sign in again. If it happens once more, another site under the same domain sets them: delete the cookies of that domain.",
  });

export const tokenNeeded = () =>
  problem(
    {
      status: 401,
      title: "Token needed",
      detail: "Send the token of the metrics as Authorization: Bearer.",
    },
    { "WWW-Authenticate": "Bearer" },
  );

export const wrongCredentials = () =>
  problem({
    status: 401,
    title: "Not signed in",
    detail: "That user name or email and password don’t match.",
  });

/** To a right password alone: a wrong one is answered like any other. */
export const emailNotVerified = () =>
  problem({
    status: 403,
    type: "urn:gatehouse:email-not-verified",
    title: "Address not confirmed",
    detail:
      "Open the link in the mail that came when you signed up. The sign-in page sends it once more.",
  });

export const wrongPassword = () =>
  problem({ status: 401, title: "Wrong password", detail: "That is not your password." });

export const notAllowed = (detail = "Your role does not allow this.") =>
  problem({ status: 403, title: "Not allowed", detail });

export const notForTags = () =>
  problem(
    {
      status: 403,
      title: "Not allowed",
      detail: "This is not for a script, picture or frame of a page: ask for it with fetch.",
    },
    { Vary: "Cookie, Sec-Fetch-Dest" },
  );

export const NOT_FOUND: Problem = {
  status: 404,
  title: "Not found",
  detail: "There is nothing at this address.",
};

export const notFoundProblem = () => problem(NOT_FOUND);

/** The answer to any method but those: what they are (RFC 9110), to OPTIONS because it asked. */
export function otherMethod({ method }: Request, answered: readonly string[]): Response {
  const Allow = [...answered, "OPTIONS"].join(", ");
  if (method === "OPTIONS")
    return new Response(null, { status: 204, headers: { ...PRIVATE, Allow } });
  const detail = `This address answers ${answered.join(", ")}.`;
  return problem({ status: 405, title: "Method not allowed", detail }, { Allow });
}

const RETRY_SECONDS = "5";

export const databaseAway = () =>
  problem(
    {
      status: 503,
      title: "Unavailable",
      detail: "The database cannot be reached. You are still signed in; try again in a moment.",
    },
    { "Retry-After": RETRY_SECONDS },
  );

export const notReady = () =>
  problem(
    {
      status: 503,
      title: "Not ready",
      detail: "Something that this process needs is missing. The log says what.",
    },
    { "Retry-After": RETRY_SECONDS },
  );

/** The response where a password was not looked at. */
export function notLookedAt(refused: Throttled | Busy): Response {
  switch (refused.refused) {
    case "throttled":
      return tooManyTries(refused);
    case "busy":
      return tooBusy();
  }
}

/**
 * What to do where too many in a row were wrong: the same for a stranger, whether the account exists
 * or not, and for a browser that is known to it.
 */
export const CLOSED_WORDS =
  "Too many wrong passwords in a row. Sign in with another browser that you have used here before, or ask an administrator of this site to open the account again.";

const tooManyTries = ({ retryAfterSeconds, isClosed }: Throttled) =>
  problem(
    {
      status: 429,
      title: "Too many tries",
      detail: isClosed
        ? CLOSED_WORDS
        : `Too many tries that were not right. Try again in ${retryAfterSeconds} seconds.`,
    },
    { "Retry-After": String(retryAfterSeconds) },
  );

export const secretReplaced = () =>
  problem({
    status: 409,
    title: "Try again",
    detail: "Your session got a new secret while this was on its way. Nothing was changed.",
  });

export const proofNeeded = () =>
  problem({
    status: 403,
    type: "urn:gatehouse:reauthentication-required",
    title: "Proof needed",
    detail:
      "Give your password or a code once more, at POST /api/session/reauthentication, and ask again.",
  });

/** Nothing is answered to a temporary password: whoever made it knows it, too. */
export const ownPasswordNeeded = () =>
  problem({
    status: 403,
    type: "urn:gatehouse:password-change-required",
    title: "Password change needed",
    detail: "This password is temporary. Set one of your own at /account/password, and ask again.",
  });

export const tooBusy = () =>
  problem(
    { status: 503, title: "Busy", detail: "Too many sign-ins at once. Try again in a moment." },
    { "Retry-After": RETRY_SECONDS },
  );

export const unstorable = () =>
  problem({
    status: 400,
    title: "Bad request",
    detail: "The database of this site has no room for some of these characters, such as emoji.",
  });

/** Nothing of the cause: that is in the log, under this id. */
export const unexpected = (id: string) =>
  problem({ status: 500, title: "Error", detail: `Something went wrong here. Its id is ${id}.` });
