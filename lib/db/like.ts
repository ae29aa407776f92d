import { type SQL, type SQLWrapper, sql } from "drizzle-orm";

/** Whether a text begins with `start`, letter by letter. */
export function startingWith(text: SQLWrapper, start: string): SQL {
  return sql`${text} like ${`${literal(start)}%`}`;
}

/** Whether `part` stands anywhere in a text, letter by letter. */
export function containing(text: SQLWrapper, part: string): SQL {
  return sql`${text} like ${`%${literal(part)}%`}`;
}

// What was typed stands for itself: to LIKE, % and _ are no letters.
function literal(text: string): string {
  return text.replace(/[\\%_]/g, "\\$&");
}
