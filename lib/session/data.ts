import { z } from "zod";

/** Servers parse JSON only so deep (MariaDB 32 levels, MySQL 100); the rest is for their own use. */
const DEEPEST = 24;
// So that a key can stand in a JSON path of any server as it is.
const KEY = /^[A-Za-z_]\w{0,63}$/;
const KEY_RULE = "A key is a word of at most 64 letters, digits and _.";

/**
 * What the application keeps in a session: the one place of its keys, which gives the types and is
 * checked at run time. Name your keys here, as in `z.object({ locale: z.string().optional() })`.
 * A key is a plain word, so that it can stand in a JSON path of any server.
 */
export const SessionData = z.record(z.string().regex(KEY, KEY_RULE), z.json());
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
  for (const [key, value] of entries) {
    if (!KEY.test(key)) throw new UnfitSessionData(`${JSON.stringify(key)}: ${KEY_RULE}`);
    if (isDeeperThan(DEEPEST - 1, value))
      throw new UnfitSessionData(`${key}: session data is nested ${DEEPEST} levels deep at most.`);
    // What is left of an emoji that was cut in two; MySQL refuses it.
    if (!isWellFormed(value)) throw new UnfitSessionData(`${key}: text with half of a letter.`);
  }
  const set = SessionData.safeParse(Object.fromEntries(entries.filter(([, v]) => v !== undefined)));
  if (!set.success) throw new UnfitSessionData(z.prettifyError(set.error));
  return { set: set.data, remove: entries.filter(([, v]) => v === undefined).map(([key]) => key) };
}

/** Stored data as the application may use it: nothing where it does not fit the schema. */
export function readableData(stored: unknown): SessionData | null {
  const read = SessionData.safeParse(stored);
  return read.success ? read.data : null;
}

// Looks no deeper than it is told, since a value may hold itself.
function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner));
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).flat().every(isWellFormed);
}
