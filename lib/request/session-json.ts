import "server-only";
import type { User } from "@/lib/account/user";
import type { Current } from "@/lib/request/current";

/** A user for programs: chosen field by field, ids as strings. */
export function userJson({ id, username, email, name, role, status }: User) {
  return { id: String(id), username, email, name, role, status };
}

/** The answer of `/api/session`; times are ISO 8601 in UTC. */
export function currentJson({ session, user }: Current) {
  const { id, lastActivityAt, expiresAt, absoluteExpiresAt, persistent } = session;
  const times = { signedInAt: session.createdAt, lastActivityAt, expiresAt, absoluteExpiresAt };
  return { user: userJson(user), session: { id, ...times, persistent } };
}
