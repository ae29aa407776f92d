import "server-only";
import { z } from "zod";
import { ROWS_PER_PAGE } from "@/app/admin/_console/query";
import type { SessionRow } from "@/app/admin/_console/session-table";
import { userById } from "@/lib/account/find-users";
import { findLiveNamed } from "@/lib/session/named-rows";
import { listOwn } from "@/lib/session/own-rows";

/** Which sessions: those of the ids, or all of one user. */
export const Choice = z.union([
  z.object({ user: z.coerce.number().int().positive() }),
  z.object({
    id: z.union([z.uuid(), z.array(z.uuid()).max(ROWS_PER_PAGE)]).transform((ids) => [ids].flat()),
  }),
]);

/** What is about to end. */
export interface Chosen {
  readonly title: string;
  /** The first of them. */
  readonly rows: readonly SessionRow[];
  readonly count: number;
  /** What the form hands on, so that the action ends what was named here. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly backTo: string;
}

/** The live ones of what an address names. */
export async function chosenSessions(query: unknown, now: Date): Promise<Chosen> {
  const choice = Choice.safeParse(query);
  if (!choice.success) return chosenByIds([], now);
  return "user" in choice.data ? allOf(choice.data.user, now) : chosenByIds(choice.data.id, now);
}

async function chosenByIds(ids: readonly string[], now: Date): Promise<Chosen> {
  const rows = await findLiveNamed(ids, now);
  const fields = rows.map(({ session }) => ["id", session.id] as const);
  const title = rows.length === 1 ? "End this session?" : `End ${rows.length} sessions?`;
  return { title, rows, count: rows.length, fields, backTo: "/admin/sessions" };
}

async function allOf(userId: number, now: Date): Promise<Chosen> {
  const user = await userById(userId);
  if (!user) return chosenByIds([], now);
  const { live } = await listOwn(user, now);
  const rows = live.slice(0, ROWS_PER_PAGE).map((session) => ({ session, user }));
  const whose = user.username;
  const title =
    live.length === 1
      ? `End the session of ${whose}?`
      : `End all ${live.length} sessions of ${whose}?`;
  const backTo = `/admin/users/${userId}`;
  return { title, rows, count: live.length, fields: [["user", String(userId)]], backTo };
}
