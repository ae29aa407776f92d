// Sessions of a test's own, started by the core itself.

import type { Role } from "@/lib/roles";
import type { Token } from "@/lib/session/cookie";
import { type Started, startSession } from "@/lib/session/lifecycle";
import { BroughtSecret } from "@/lib/session/token";
import type { User } from "@/lib/users/user";
import { ESTABLISHED, newUser } from "@/tests/helpers/people";
import { given } from "./given";
import { change, idBytes, rows } from "./sql";

export const DEVICE = { ipAddress: "192.0.2.7", userAgent: "Test/1.0" };
/** That device, with a browser that nobody has signed in with before. */
export const CLIENT = { device: DEVICE, known: null };

/** How whoever signs in here has proved who they are. */
export const METHODS = ["password"] as const;
/** A password as somebody gives it. */
export const byPassword = (password: string) => ({ method: METHODS[0], password });

export interface SignedIn extends Started {
  readonly user: User;
  readonly brought: BroughtSecret;
}

interface Wanted {
  readonly user?: User;
  readonly role?: Role;
  readonly now?: Date;
  readonly persistent?: boolean;
  /** Sessions that the browser came with. */
  readonly replaced?: readonly string[];
}

/** A user of whom nobody else knows. */
export async function aUser(role: Role = "member"): Promise<User> {
  const { id, username, email, name } = await newUser({ role });
  return { id, username, email, name, role, status: "active", ...ESTABLISHED };
}

/** A session that has just started, of a new user if none is given. */
export async function signedIn(wanted: Wanted = {}): Promise<SignedIn> {
  const { role, now = new Date(), persistent = false, replaced = [] } = wanted;
  const user = wanted.user ?? (await aUser(role));
  const started = await given(
    startSession({ user, methods: METHODS, persistent, device: DEVICE, replaced }, now),
  );
  return { ...started, user, brought: new BroughtSecret(started.token.secret) };
}

/** A session as it comes once it has got that secret. */
export function withToken(it: SignedIn, token: Token): SignedIn {
  return { ...it, token, brought: new BroughtSecret(token.secret) };
}

/** A session's whole row; undefined where there is none. */
export async function rowOf(id: string) {
  const [row] = await rows("SELECT * FROM sessions WHERE id = ?", [idBytes(id)]);
  return row;
}

/** Writes one column of a session's row, as no part of the app would. */
export async function setColumn(id: string, column: string, value: Date | string | null) {
  await change(`UPDATE sessions SET ${column} = ? WHERE id = ?`, [value, idBytes(id)]);
}

/** The types of a session's events with the reasons in them, oldest first. */
export async function eventsOf(id: string): Promise<string[]> {
  const found = await rows(
    `SELECT type, JSON_UNQUOTE(JSON_EXTRACT(detail, '$.reason')) AS reason FROM events
     WHERE session_id = ? ORDER BY id`,
    [idBytes(id)],
  );
  return found.map(({ type, reason }) => (reason ? `${type} ${reason}` : type));
}

/** Does something while no event can be written. */
export async function withoutEvents<T>(work: () => Promise<T>): Promise<T> {
  await change("RENAME TABLE events TO events_away");
  try {
    return await work();
  } finally {
    await change("RENAME TABLE events_away TO events");
  }
}
