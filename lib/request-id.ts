import "server-only";
import { AsyncLocalStorage } from "node:async_hooks";
import { v4 as uuid } from "uuid";

// On globalThis, since each bundle of a build has a copy of this module.
declare global {
  var gatehouseRequestIds: AsyncLocalStorage<string> | undefined;
}

function ids(): AsyncLocalStorage<string> {
  globalThis.gatehouseRequestIds ??= new AsyncLocalStorage();
  return globalThis.gatehouseRequestIds;
}

/** Gives an id to all that happens from here on for one request. */
export function beginRequest(): string {
  const id = uuid();
  ids().enterWith(id);
  return id;
}

/** The id of the request that this happens for; undefined outside of one. */
export function requestId(): string | undefined {
  return ids().getStore();
}
