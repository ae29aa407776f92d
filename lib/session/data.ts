import { z } from "zod";

/** Servers parse JSON only so deep (MariaDB 32 levels, MySQL 100); the rest is for their own use. */
const DEEPEST = 24;

/**
 * What the application keeps in a session: the one place of its keys, which gives the types and is
 * checked at run time. Name your keys here, as in `z.object({ locale: z.string().optional() })`.
 * A key is a plain word, so that it can stand in a JSON path of any server.
 */
export const SessionData = z.record(
  z.string().regex(/^[A-Za-z_]\w{0,63}$/, "A key is a word of at most 64 letters, digits and _."),
  z.json(),
);
export type SessionData = z.infer<typeof SessionData>;

/** What `updateSessionData` takes: values to set, and `undefined` for keys to remove. */
export type SessionDataChanges = {
  readonly [Key in keyof SessionData]: SessionData[Key] | undefined;
};

/** Data that a session cannot keep; the message names the key and what is wrong with it. */
export class UnfitSessionData extends Error {
  override readonly name = "UnfitSessionData";
}

/** Changes split into what to set, checked, and which keys to remove. Throws UnfitSessionData. */
export function checkedChanges(changes: SessionDataChanges): {
  readonly set: SessionData;
  readonly remove: readonly string[];
} {
  const entries = Object.entries(changes);
  const set = SessionData.safeParse(Object.fromEntries(entries.filter(([, v]) => v !== undefined)));
  if (!set.success) throw new UnfitSessionData(z.prettifyError(set.error));
  if (depthOf(set.data) > DEEPEST)
    throw new UnfitSessionData(`Session data may be nested ${DEEPEST} levels deep, not deeper.`);
  return { set: set.data, remove: entries.filter(([, v]) => v === undefined).map(([key]) => key) };
}

/** Stored data as the application may use it: nothing where it does not fit the schema. */
export function readableData(stored: unknown): SessionData | null {
  const read = SessionData.safeParse(stored);
  return read.success ? read.data : null;
}

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}
