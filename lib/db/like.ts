import { type SQL, type SQLWrapper, sql } from "drizzle-orm";
import type { Network } from "@/lib/device";

/** Whether a text begins with `start`, letter by letter. */
export function startingWith(text: SQLWrapper, start: string): SQL {
  return sql`${text} like ${`${literal(start)}%`}`;
}

/** Whether `part` stands anywhere in a text, letter by letter. */
export function containing(text: SQLWrapper, part: string): SQL {
  return sql`${text} like ${`%${literal(part)}%`}`;
}

/** Whether a text is an address of a network, however it is written. */
export function isIn(text: SQLWrapper, { first, last, start }: Network): SQL {
  const bytes = sql`inet6_aton(${text})`;
  // As texts of one length they compare like the numbers that they are.
  const isWithin = sql`(length(${bytes}) = ${first.length / 2} and hex(${bytes}) between ${first} and ${last})`;
  // By which an index can be walked.
  return start ? sql`(${startingWith(text, start)} and ${isWithin})` : isWithin;
}

// What was typed stands for itself: to LIKE, % and _ are no letters.
function literal(text: string): string {
  return text.replace(/[\\%_]/g, "\\$&");
}
