import "server-only";
import { AsyncLocalStorage } from "node:async_hooks";
import { v4 as uuid } from "uuid";

type Work = () => Promise<void>;

/** What belongs to one request, wherever in the code it is served. */
interface Scope {
  readonly id: string;
  /** What waits for the response to be sent; null once it is. */
  waiting: Work[] | null;
  /** Whether code of ours has begun to serve it: before that, an error is not of our making. */
  isReached: boolean;
  /** Whether the response is to make the browser forget all cookies of the site. */
  isForgetting: boolean;
  /** Whether the response is HTML of no page of ours, which may run nothing. */
  isSandboxed: boolean;
  /** What was found out before it was served, for whoever asks the same first. */
  foundAhead: unknown;
}

// On globalThis, since each bundle of a build has a copy of this module.
declare global {
  var gatehouseScopes: AsyncLocalStorage<Scope> | undefined;
  var gatehouseAfterwards: Set<Promise<void>> | undefined;
}

function scopes(): AsyncLocalStorage<Scope> {
  globalThis.gatehouseScopes ??= new AsyncLocalStorage();
  return globalThis.gatehouseScopes;
}

/** One request, as whoever begins it sees it. */
interface Begun {
  readonly id: string;
  /** Says that it was answered. */
  readonly responded: () => void;
  /** Whether a page, action or handler of ours has begun to serve it. */
  readonly isReached: () => boolean;
  /** Whether its response is to make the browser forget all cookies of the site. */
  readonly isForgetting: () => boolean;
  /** Whether its response may run nothing. */
  readonly isSandboxed: () => boolean;
}

/** All that happens from here on belongs to one request. */
export function beginRequest(): Begun {
  const scope: Scope = {
    id: uuid(),
    waiting: [],
    isReached: false,
    isForgetting: false,
    isSandboxed: false,
    foundAhead: undefined,
  };
  scopes().enterWith(scope);
  const responded = () => {
    const waiting = scope.waiting ?? [];
    scope.waiting = null;
    for (const work of waiting) begin(work);
  };
  const { id } = scope;
  return {
    id,
    responded,
    isReached: () => scope.isReached,
    isForgetting: () => scope.isForgetting,
    isSandboxed: () => scope.isSandboxed,
  };
}

/** Every guard says so: from here on, what goes wrong is our own fault and no longer the request's. */
export function reached(): void {
  const scope = scopes().getStore();
  if (scope) scope.isReached = true;
}

/**
 * Takes that back where what was sent turns out to be nothing that a page of ours would send; the
 * error to throw then.
 */
export function malformed(words: string): Error {
  const scope = scopes().getStore();
  if (scope) scope.isReached = false;
  return new Error(words);
}

/** The id of the request that this happens for; undefined outside of one. */
export function requestId(): string | undefined {
  return scopes().getStore()?.id;
}

/**
 * Makes the browser forget every cookie of the site with this response (`Clear-Site-Data: "cookies"`).
 * Before the response has begun.
 */
export function forgetAllCookies(): void {
  const scope = scopes().getStore();
  if (scope) scope.isForgetting = true;
}

/** Has the response drawn and nothing more: HTML that no page of ours made. Before it has begun. */
export function sandboxResponse(): void {
  const scope = scopes().getStore();
  if (scope) scope.isSandboxed = true;
}

/** Keeps what was found out before the request is served, so that nobody has to ask it again. */
export function keepAhead(found: unknown): void {
  const scope = scopes().getStore();
  if (scope) scope.foundAhead = found;
}

/** Gives that out, once; undefined where nothing was kept. */
export function takeAhead(): unknown {
  const scope = scopes().getStore();
  const found = scope?.foundAhead;
  if (scope) scope.foundAhead = undefined;
  return found;
}

/** Does something once the response has been sent; outside of a request at once. It must not throw. */
export function afterResponse(work: Work): void {
  const waiting = scopes().getStore()?.waiting;
  if (waiting) waiting.push(work);
  else begin(work);
}

/** Waits for what was begun after answers, so that a process may end. */
export async function afterwardsDone(): Promise<void> {
  await Promise.all(globalThis.gatehouseAfterwards ?? []);
}

function begin(work: Work): void {
  globalThis.gatehouseAfterwards ??= new Set();
  const all = globalThis.gatehouseAfterwards;
  const running = work().finally(() => all.delete(running));
  all.add(running);
}
