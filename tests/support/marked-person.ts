// Somebody whose every trace is unmistakable, so that a byte of theirs is found wherever it shows.
import { randomBytes, randomInt } from "node:crypto";
import type { Role } from "@/lib/roles";
import { newUser, type TestUser } from "@/tests/helpers/people";
import { signIn } from "./people";
import type { Fill } from "./routes";
import type { SharedApp } from "./running-app";
import { change, idBytes, rows } from "./sql";

export interface MarkedPerson {
  readonly user: TestUser;
  /** Of the live session. */
  readonly cookie: string;
  readonly sessionId: string;
  /** What no stranger may see, by what it is. */
  readonly traces: Readonly<Record<string, string>>;
}

/** A new user of that role, signed in once, with a mark in everything that is kept. */
export async function markedPerson(app: SharedApp, role: Role = "member"): Promise<MarkedPerson> {
  const marks = { name: mark(), agent: mark(), data: mark() };
  const made = await newUser({ role });
  // One that is in no other text by chance.
  const id = randomInt(10 ** 11, 10 ** 12);
  await change("UPDATE users SET id = ?, name = ? WHERE id = ?", [id, marks.name, made.id]);
  const user = { ...made, id, name: marks.name };
  const cookie = await signIn(app, user);
  const [row] = await rows("SELECT LOWER(HEX(id)) AS id FROM sessions WHERE user_id = ?", [id]);
  const sessionId = String(row?.id).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  await change("UPDATE sessions SET user_agent = ?, data = ? WHERE id = ?", [
    `Mozilla/5.0 ${marks.agent}`,
    JSON.stringify({ note: marks.data }),
    idBytes(sessionId),
  ]);
  const { username, email } = user;
  return { user, cookie, sessionId, traces: { ...marks, username, email, id: `${id}`, sessionId } };
}

/** Fills routes with the ids of that person and their session. */
export function idsOf({ user, sessionId }: MarkedPerson): Fill {
  return (before) => (before === "users" ? `${user.id}` : sessionId);
}

/** Which of these traces an answer shows, apart from those that the request itself held. */
export function tracesIn(response: string, asked: string, { traces }: MarkedPerson): string[] {
  const found = Object.entries(traces).filter(
    ([, trace]) => response.includes(trace) && !asked.includes(trace),
  );
  return found.map(([what]) => what);
}

function mark(): string {
  return `mark${randomBytes(8).toString("hex")}`;
}
