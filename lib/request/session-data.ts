import "server-only";
import { headers } from "next/headers";
import { currentSession } from "@/lib/request/current";
import { forgetPresented } from "@/lib/request/session-cookie";
import { type SessionDataChanges, splitChanges, writeSessionData } from "@/lib/session/write";

/** Changes, and the session that was this request's when they were asked for. */
interface Held {
  readonly sessionId: string;
  readonly changes: SessionDataChanges;
}

// What the handlers that run now have changed; written when they have succeeded.
const held = new WeakMap<object, Held[]>();

/**
 * Sets keys of this session's data, and removes those that are `undefined`; other keys stay, also
 * when other requests write them at the same moment. After a sign-in in the same action or handler
 * it is the new session's. Inside `withSession` it is written once the handler has succeeded, in an
 * action at once. Without a live session it is quietly dropped: what signed out must not come back.
 * Throws UnfitSessionData and DatabaseUnavailable.
 */
export async function updateSessionData(changes: SessionDataChanges): Promise<void> {
  // Bad data is told where it was written, not when the handler has ended.
  splitChanges(changes);
  const current = await currentSession();
  if (!current) return;
  const change = { sessionId: current.session.id, changes };
  const waiting = held.get(await headers());
  if (waiting) waiting.push(change);
  else await write([change]);
}

/** Runs a handler and then writes what it changed; nothing when it threw or answered 5xx. */
export async function holdingSessionData(handler: () => Promise<Response>): Promise<Response> {
  const request = await headers();
  const waiting: Held[] = [];
  held.set(request, waiting);
  try {
    const response = await handler();
    if (response.status < 500) await write(waiting);
    return response;
  } finally {
    held.delete(request);
  }
}

async function write(waiting: readonly Held[]): Promise<void> {
  if (waiting.length === 0) return;
  const bySession = Map.groupBy(waiting, ({ sessionId }) => sessionId);
  for (const [sessionId, each] of bySession)
    await writeSessionData(sessionId, Object.assign({}, ...each.map(({ changes }) => changes)));
  await forgetPresented();
}
