import { z } from "zod";

/** A place in a list that is no place of that list; somebody changed it, or it is another list's. */
export class BadCursor extends Error {
  override readonly name = "BadCursor";
}

/** A part of a list: so many from the beginning, or from where `nextCursor` of the last one stood. */
export interface PageOf {
  readonly cursor?: string | undefined;
  readonly limit: number;
}

// Text that programs hand back as it is, in the query of an address.
function writeCursor(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

/** The place that a cursor stands for; null without one, which is the beginning. Throws BadCursor. */
export function readCursor<Place>(
  cursor: string | undefined,
  schema: z.ZodType<Place>,
): Place | null {
  if (cursor === undefined) return null;
  const text = Buffer.from(cursor, "base64url").toString();
  const place = z.string().transform(parsed).pipe(schema).safeParse(text);
  if (!place.success) throw new BadCursor("The cursor is not one that this list gave.");
  return place.data;
}

/**
 * The rows of a page, of which one more than `limit` was asked for, and where the next page begins.
 * `border` is the place up to which was looked, where that was not the end of the list.
 */
export function pageOf<Row>(
  rows: readonly Row[],
  limit: number,
  border: readonly (string | number)[] | null,
  placeOf: (row: Row) => readonly (string | number)[],
): { readonly rows: readonly Row[]; readonly nextCursor: string | null } {
  const last = rows[limit - 1];
  const next = last !== undefined && rows.length > limit ? placeOf(last) : border;
  return { rows: rows.slice(0, limit), nextCursor: next && writeCursor(next) };
}

function parsed(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue("no cursor");
    return z.NEVER;
  }
}
