import "server-only";
import { subscribe } from "node:diagnostics_channel";
import { type IncomingMessage, Server, type ServerResponse } from "node:http";
import { Socket } from "node:net";
import onHeaders from "on-headers";
import { isDevelopment, settings } from "@/lib/env";
import { log } from "@/lib/log";
import { resumeAhead, resumePresented } from "@/lib/request/current";
import { AREAS, type Area } from "@/lib/request/hidden";
import { leadWithoutToken } from "@/lib/request/mailed-links";
import { foreignOriginWords, isSameOrigin, ORIGIN_VARY } from "@/lib/request/origin";
import { HIDDEN_HEADER } from "@/lib/request/own-headers";
import { NOT_FOUND, PROBLEM_TYPE, type Problem, problemText } from "@/lib/request/problem";
import type { Role } from "@/lib/roles";
import { isAtLeast } from "@/lib/users/user";

/** What is wrong with a request that nobody looks at further, and what its response says besides. */
interface Refusal {
  readonly fault: Problem;
  readonly headers?: Readonly<Record<string, string>>;
}

const guarded = new WeakSet<Server>();

/**
 * Stands before everything that serves requests in this process: what no page, action or handler of
 * ours can answer is refused, and never reaches Next, which would answer some of it with 500; and
 * what does not exist for whoever asks is made an address that no page was ever at. Each server is
 * met with its first connection, since not all that is said on one becomes a request.
 */
export function standBeforeNext(): void {
  endEarlierConnections();
  subscribe("net.server.socket", (message) => {
    const { socket } = message as { socket: Socket }; // Typed as unknown.
    const server = serverOf(socket);
    if (!server || guarded.has(server)) return;
    guarded.add(server);
    guard(server);
  });
}

// Next listens before it runs any code of ours, and would serve what came meanwhile without headers
// and refusals, and with a client's own word for its address. To them nobody has listened yet. Node
// documents no way to hold its open sockets (`getActiveResourcesInfo` gives their kinds alone), and
// nothing of ours runs early enough to hear of each connection.
function endEarlierConnections(): void {
  const handles: unknown[] = Reflect.apply(Reflect.get(process, "_getActiveHandles"), process, []);
  for (const handle of handles) if (handle instanceof Socket && serverOf(handle)) handle.destroy();
}

function serverOf(socket: Socket): Server | null {
  const server: unknown = Reflect.get(socket, "server");
  return server instanceof Server ? server : null;
}

/**
 * How long a request may take to come whole. Node looks every 30 seconds, and ends with 408 what is
 * late; five minutes, as it has it, let a form that was held back outlive what its sender may do.
 */
const LONGEST_REQUEST_MS = 60_000;

function guard(server: Server): void {
  server.requestTimeout = LONGEST_REQUEST_MS;
  const listeners = server.listeners("request");
  server.removeAllListeners("request");
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const serve = () => {
      for (const listener of listeners) Reflect.apply(listener, server, [request, response]);
    };
    const refusal = refusalOf(request);
    if (refusal) response.end(headOf(refusal, request, response));
    else if (!leadWithoutToken(request, response)) orHidden(serve, request, response);
  });
  // Only development's tools change the protocol, to WebSocket. Without a listener Node takes such
  // a request for a plain one; Next would leave its connection open for ever.
  if (!isDevelopment()) server.removeAllListeners("upgrade");
  // Node would hang up without a word, and keeps a connection of which only its own end was closed.
  server.on("connect", (_, socket) => {
    socket.end("HTTP/1.1 405 Method Not Allowed\r\nConnection: close\r\n\r\n", () =>
      socket.destroy(),
    );
  });
}

// For whom a page does not exist, it is an address that no page was ever at (AZ-9). Decided here, since
// Next names the parts and the files of a page before its guard has said a word.
function orHidden(serve: () => void, request: IncomingMessage, response: ServerResponse): void {
  delete request.headers[HIDDEN_HEADER];
  const [path = ""] = (request.url ?? "").split("?");
  const role = roleToSee(decodeURIComponent(path));
  if (role === "member") serve();
  else
    void isBelow(role, request).then((isHidden) => {
      if (isHidden) hide(request, response);
      serve();
    });
}

// Whole areas, and not the pages in them: a new page is hidden from its first day.
const ALL_AREAS: readonly Area[] = [
  ...AREAS,
  // Staff see who there is; all else below the users changes them.
  [/^\/admin\/users\/(?!\d+$)/, "admin"],
  [/^\/admin(\/|$)/, "staff"],
];

/**
 * The role for which, and for those above it, there is anything at a path; `member` where that is
 * everybody. The path is decoded. A page's own guard holds whatever is said here.
 */
export function roleToSee(path: string): Role {
  const plain = path.replace(/^\/_next\/data\/[^/]+/, "");
  return ALL_AREAS.find(([area]) => area.test(plain))?.[1] ?? "member";
}

async function isBelow(role: Role, request: IncomingMessage): Promise<boolean> {
  try {
    const isRead = /^(GET|HEAD)$/.test(request.method ?? "");
    const presented = await (isRead ? resumeAhead : resumePresented)(headersOf(request));
    return presented.state === "live" && !isAtLeast(presented.user.role, role);
  } catch {
    // The page's own guard asks the database as well, and says what is wrong.
    return false;
  }
}

function hide(request: IncomingMessage, response: ServerResponse): void {
  request.headers[HIDDEN_HEADER] = "1";
  // Next tells the browser where it was led.
  onHeaders(response, () => {
    for (const name of ["path", "query"]) response.removeHeader(`x-nextjs-rewritten-${name}`);
  });
}

function refusalOf(request: IncomingMessage): Refusal | null {
  const { method = "", url = "" } = request;
  const [path = ""] = url.split("?");
  if (!path.startsWith("/")) return cannotBeRead("The target of a request must be a path.");
  if (!isDecodable(path)) return cannotBeRead("The path is not UTF-8, or holds a lone %.");
  const allowed = isOfApi(path) ? API_METHODS : PAGE_METHODS;
  if (!allowed.includes(method)) return allowsOnly(allowed.join(", "));
  // A catch-all route does not match its own root, and the slash behind it would be a redirect.
  if (/^\/api\/?$/.test(path)) return { fault: NOT_FOUND };
  return isOfApi(path) ? null : refusalOfPage(request, path);
}

function isOfApi(url: string): boolean {
  return /^\/api([/?]|$)/.test(url);
}

const API_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
// Next would show the page for whatever else.
const PAGE_METHODS = ["GET", "HEAD", "POST"];

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    // That is how it says no.
    return false;
  }
}

function cannotBeRead(detail: string): Refusal {
  return { fault: { status: 400, title: "Bad request", detail } };
}

function allowsOnly(allowed: string): Refusal {
  const detail = `This address answers ${allowed}.`;
  return {
    fault: { status: 405, title: "Method not allowed", detail },
    headers: { Allow: allowed },
  };
}

function refusalOfPage(request: IncomingMessage, path: string): Refusal | null {
  const { host, origin } = settings().APP_URL;
  if (request.method === "POST") {
    const headers = headersOf(request);
    if (!isSameOrigin(headers)) return foreign(headers, path);
    // Next compares it with the host once more, which a proxy may have changed: then nobody could
    // sign in.
    request.headers.origin = origin;
  }
  request.headers["x-forwarded-host"] = host;
  return null;
}

function headersOf({ headers }: IncomingMessage): Headers {
  return new Headers(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

function foreign(headers: Headers, path: string): Refusal {
  const detail = foreignOriginWords(headers);
  log().warn({ path }, detail);
  const fault = { status: 403, title: "Refused", detail };
  return { fault, headers: { Vary: `Cookie, ${ORIGIN_VARY}` } };
}

// Sets the head of the response and gives its body: a problem for programs, words for everybody else.
function headOf(
  { fault, headers = {} }: Refusal,
  { url = "" }: IncomingMessage,
  response: ServerResponse,
): string {
  response.statusCode = fault.status;
  response.setHeader("Content-Type", isOfApi(url) ? PROBLEM_TYPE : "text/plain; charset=utf-8");
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  return isOfApi(url) ? problemText(fault) : fault.detail;
}

const ABOUT_THE_BODY = ["Content-Encoding", "Content-Length", "ETag", "Transfer-Encoding"];

/**
 * Makes a 400 of a 500 that was answered before any page, action or handler of ours was reached:
 * then it is the request that Next could not read, such as the arguments of an action, a form or
 * the state of its router. What went wrong is in the log.
 */
export function refuseWhatNextCannotRead(
  request: IncomingMessage,
  response: ServerResponse,
  isReached: () => boolean,
): void {
  let body: string | null = null;
  const decide = () => {
    if (response.headersSent || response.statusCode !== 500 || isReached()) return;
    for (const name of ABOUT_THE_BODY) response.removeHeader(name);
    body = headOf(cannotBeRead("This request cannot be read."), request, response);
  };
  onHeaders(response, decide);
  const { write, end } = response;
  // What Next writes of its own error goes nowhere.
  Object.assign(response, {
    write: (...given: unknown[]) => {
      decide();
      return body !== null || Reflect.apply(write, response, given);
    },
    end: (...given: unknown[]) => {
      decide();
      if (body === null) return Reflect.apply(end, response, given);
      // Next may try to answer once more.
      return response.writableEnded ? response : Reflect.apply(end, response, [body]);
    },
  });
}
