import "server-only";
import { createHash } from "node:crypto";
import { asc, desc, eq, inArray } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { sessionDevices, sessions } from "@/lib/db/schema";
import { retryOnDeadlock } from "@/lib/db/transaction";
import { addressBlock, type Device } from "@/lib/device";
import type { ListedSession } from "@/lib/session/session";
import { liveRow } from "@/lib/session/write";

/** From where a session was used, and since when. */
export interface SeenDevice extends Device {
  readonly firstSeenAt: Date;
}

// Whoever holds a session may make up browsers without end; those seen first make room.
const MOST_DEVICES = 20;

/** Whether a device is of another network or browser than another one. An IPv6 network is its /64. */
export function isOtherDevice(one: Device, other: Device): boolean {
  if (one.userAgent !== other.userAgent) return true;
  if (one.ipAddress === other.ipAddress) return false;
  return addressBlock(one.ipAddress) !== addressBlock(other.ipAddress);
}

/** What tells a session's pair of network and browser from every other: the key of its row. */
export function pairOf(sessionId: string, { ipAddress, userAgent }: Device): Buffer {
  const pair = [sessionId, addressBlock(ipAddress), userAgent].join("\n");
  return createHash("sha256").update(pair).digest();
}

/**
 * Notes that a live session is used from elsewhere than its row says, and makes the row say so. Of
 * several requests and instances that see a pair one writes it; false for the others, and from then
 * on. The pair that the row showed is kept as well, so that neither erases the other.
 */
export async function noteDevice(
  session: ListedSession,
  device: Device,
  now: Date,
): Promise<boolean> {
  if (!(await insertPair(session.id, device, now))) return false;
  const { ipAddress, userAgent } = session;
  await insertPair(session.id, { ipAddress, userAgent }, session.createdAt);
  const shown = { ipAddress: device.ipAddress, userAgent: device.userAgent };
  await retryOnDeadlock(() => db().update(sessions).set(shown).where(liveRow(session.id)));
  await dropOldest(session.id);
  return true;
}

// Statements of their own: within one transaction each would hold the session's row for the other.
async function insertPair(sessionId: string, device: Device, firstSeenAt: Date): Promise<boolean> {
  const { ipAddress, userAgent } = device;
  const row = { id: pairOf(sessionId, device), sessionId, ipAddress, userAgent, firstSeenAt };
  // Ignored are the pair that is there and the session that has been deleted meanwhile.
  const [result] = await retryOnDeadlock(() => db().insert(sessionDevices).ignore().values(row));
  return result.affectedRows > 0;
}

async function dropOldest(sessionId: string): Promise<void> {
  const surplus = await db()
    .select({ id: sessionDevices.id })
    .from(sessionDevices)
    .where(eq(sessionDevices.sessionId, sessionId))
    .orderBy(desc(sessionDevices.firstSeenAt), desc(sessionDevices.id))
    .limit(MOST_DEVICES)
    .offset(MOST_DEVICES);
  if (surplus.length === 0) return;
  const ids = surplus.map(({ id }) => id);
  await retryOnDeadlock(() => db().delete(sessionDevices).where(inArray(sessionDevices.id, ids)));
}

/**
 * Sessions with where else they were used: every pair but the one that the row shows, the first
 * seen first. 20 each at most.
 */
export async function withDevices<S extends ListedSession>(
  listed: readonly S[],
): Promise<(S & { readonly alsoFrom: readonly SeenDevice[] })[]> {
  const seen = await devicesOf(listed.map(({ id }) => id));
  return listed.map((session) => ({
    ...session,
    alsoFrom: (seen.get(session.id) ?? [])
      .filter((device) => isOtherDevice(session, device))
      .map(({ ipAddress, userAgent, firstSeenAt }) => ({ ipAddress, userAgent, firstSeenAt })),
  }));
}

async function devicesOf(sessionIds: readonly string[]) {
  if (sessionIds.length === 0) return new Map<string, never[]>();
  const { sessionId, ipAddress, userAgent, firstSeenAt } = sessionDevices;
  const found = await db()
    .select({ sessionId, ipAddress, userAgent, firstSeenAt })
    .from(sessionDevices)
    .where(inArray(sessionId, [...sessionIds]))
    .orderBy(asc(firstSeenAt));
  return Map.groupBy(found, (device) => device.sessionId);
}
