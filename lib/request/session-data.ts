import "server-only";
import { headers } from "next/headers";
import { currentSession, forgetPresented } from "@/lib/request/current";
import { checkedChanges, type SessionDataChanges } from "@/lib/session/data";
import { writeSessionData } from "@/lib/session/data-rows";

// What the handlers that run now have changed; written when they have succeeded.
const held = new WeakMap<object, SessionDataChanges[]>();

/**
 * Sets keys of this session's data, and removes those that are `undefined`; other keys stay, also
 * when other requests write them at the same moment. Inside `withSession` it is written once the
 * handler has succeeded, in an action at once. Without a live session it is quietly dropped: what
 * signed out must not come back. Throws UnfitSessionData and DatabaseUnavailable.
 */
export async function updateSessionData(changes: SessionDataChanges): Promise<void> {
  // Bad data is told where it was written, not when the handler has ended.
  checkedChanges(changes);
  const waiting = held.get(await headers());
  if (waiting) waiting.push(changes);
  else await write(changes);
}

/** Runs a handler and then writes what it changed; nothing when it threw or answered 5xx. */
export async function holdingSessionData(handler: () => Promise<Response>): Promise<Response> {
  const request = await headers();
  const changes: SessionDataChanges[] = [];
  held.set(request, changes);
  try {
    const answer = await handler();
    held.delete(request);
    if (answer.status < 500 && changes.length > 0) await write(Object.assign({}, ...changes));
    return answer;
  } finally {
    held.delete(request);
  }
}

async function write(changes: SessionDataChanges): Promise<void> {
  const current = await currentSession();
  if (!current) return;
  await writeSessionData(current.session.id, changes);
  await forgetPresented();
}
