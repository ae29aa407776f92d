import { SessionId } from "@/lib/api/fields";
import "server-only";
import { z } from "zod";
import { ROWS_PER_PAGE } from "@/app/admin/_console/query";
import type { SessionRow } from "@/app/admin/_console/session-table";
import { findLiveNamed, listForUser } from "@/lib/session/list";
import { userById } from "@/lib/users/find";
import { mayActOn, type User, UserId } from "@/lib/users/user";

/** Which sessions: those of the ids, or all of one user. */
export const Choice = z.union([
  z.object({ user: UserId }).transform(({ user }) => ({ userId: user })),
  z
    .object({ id: z.union([SessionId, z.array(SessionId).max(ROWS_PER_PAGE)]) })
    .transform(({ id }) => ({ ids: [id].flat() })),
]);

/** What is about to end. */
export interface Chosen {
  readonly title: string;
  /** The first of them. */
  readonly rows: readonly SessionRow[];
  readonly count: number;
  /** How many more were chosen, of people of a higher role: those stay. */
  readonly kept: number;
  /** What the form hands on, so that the action ends what was named here. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly backTo: string;
}

/** The live ones of what an address names, as far as `actor` may end them. */
export async function chosenSessions(query: unknown, actor: User, now: Date): Promise<Chosen> {
  const choice = Choice.safeParse(query);
  if (!choice.success) return chosenByIds([], actor, now);
  if ("userId" in choice.data) return allOf(choice.data.userId, actor, now);
  return chosenByIds(choice.data.ids, actor, now);
}

async function chosenByIds(ids: readonly string[], actor: User, now: Date): Promise<Chosen> {
  const all = await findLiveNamed(ids, now);
  const rows = all.filter(({ user }) => mayActOn(actor, user));
  const kept = all.length - rows.length;
  const fields = rows.map(({ session }) => ["id", session.id] as const);
  const title = rows.length === 1 ? "End this session?" : `End ${rows.length} sessions?`;
  return { title, rows, count: rows.length, kept, fields, backTo: "/admin/sessions" };
}

async function allOf(userId: number, actor: User, now: Date): Promise<Chosen> {
  const user = await userById(userId);
  if (!user) return chosenByIds([], actor, now);
  const { live } = await listForUser(user, now);
  if (!mayActOn(actor, user)) return { ...(await chosenByIds([], actor, now)), kept: live.length };
  const rows = live.slice(0, ROWS_PER_PAGE).map((session) => ({ session, user }));
  const whose = user.username;
  const title =
    live.length === 1
      ? `End the session of ${whose}?`
      : `End all ${live.length} sessions of ${whose}?`;
  const backTo = `/admin/users/${userId}`;
  const fields = [["user", String(userId)]] as const;
  return { title, rows, count: live.length, kept: 0, fields, backTo };
}
