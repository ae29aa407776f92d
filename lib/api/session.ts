import "server-only";
import { z } from "zod";
import { Cursor, Limit, Search, SessionId, Time } from "@/lib/api/fields";
import { UserJson, userJson } from "@/lib/api/user";
import { deviceWords } from "@/lib/device";
import type { Current } from "@/lib/request/current";
import type { ListedSession } from "@/lib/session/session";
import type { User } from "@/lib/users/user";

/** The session of a request: `GET` and `POST /api/session`. */
export const CurrentResponse = z.strictObject({
  user: UserJson,
  session: z.strictObject({
    id: SessionId,
    signedInAt: Time,
    lastActivityAt: Time,
    expiresAt: Time,
    absoluteExpiresAt: Time,
    persistent: z.boolean(),
  }),
});

const SessionJson = z.strictObject({
  id: SessionId,
  current: z.boolean(),
  device: z.string(),
  ipAddress: z.string(),
  signedInAt: Time,
  lastActivityAt: Time,
  expiresAt: Time,
});

/** `GET /api/sessions` */
export const OwnSessionsResponse = z.strictObject({ sessions: z.array(SessionJson) });

/** `DELETE /api/sessions` and `DELETE /api/admin/users/{id}/sessions` */
export const EndedResponse = z.strictObject({ ended: z.int() });

/** `GET /api/admin/sessions` */
export const SessionsQuery = z.strictObject({
  user: Search,
  address: Search,
  browser: Search,
  limit: Limit,
  cursor: Cursor,
});
export const SessionsResponse = z.strictObject({
  sessions: z.array(SessionJson.extend({ user: UserJson })),
  nextCursor: z.string().nullable(),
});

/** The session of a request for programs, chosen field by field. */
export function currentJson({ session, user }: Current): z.infer<typeof CurrentResponse> {
  const { id, createdAt, lastActivityAt, expiresAt, absoluteExpiresAt, persistent } = session;
  return {
    user: userJson(user),
    session: {
      id,
      signedInAt: createdAt.toISOString(),
      lastActivityAt: lastActivityAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
      absoluteExpiresAt: absoluteExpiresAt.toISOString(),
      persistent,
    },
  };
}

/** A live session in a list; `current` is the one that asks. */
export function sessionJson(session: ListedSession, current: Current): z.infer<typeof SessionJson> {
  return {
    id: session.id,
    current: session.id === current.session.id,
    device: deviceWords(session.userAgent).name,
    ipAddress: session.ipAddress,
    signedInAt: session.createdAt.toISOString(),
    lastActivityAt: session.lastActivityAt.toISOString(),
    expiresAt: session.expiresAt.toISOString(),
  };
}

/** A session of a list with its user. */
export function foundSessionJson(
  { session, user }: { session: ListedSession; user: User },
  current: Current,
): z.infer<typeof SessionsResponse>["sessions"][number] {
  return { ...sessionJson(session, current), user: userJson(user) };
}
