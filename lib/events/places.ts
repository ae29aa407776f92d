import "server-only";
import { and, gt, gte, lt, lte, or, type SQL } from "drizzle-orm";
import { z } from "zod";
import { events } from "@/lib/db/schema";

/** A place in the log, which is in the order of time and then of id. */
export const Place = z.tuple([z.int().min(0).max(8.64e15), z.int().positive()]);
export type Place = z.infer<typeof Place>;

/** Where an entry stands. */
export function placeOf({ at, id }: { readonly at: Date; readonly id: number }): Place {
  return [at.getTime(), id];
}

/** What stands behind a place, in a log that is read from its newest entry on. */
export function isAfter(place: Place | null): SQL | undefined {
  if (!place) return undefined;
  const at = new Date(place[0]);
  // The first half says nothing new, but it alone lets an index begin there.
  return and(lte(events.at, at), or(lt(events.at, at), lt(events.id, place[1])));
}

/** What stands before a place, and the place itself. */
export function isUpTo(place: Place): SQL | undefined {
  const at = new Date(place[0]);
  return and(gte(events.at, at), or(gt(events.at, at), gte(events.id, place[1])));
}
