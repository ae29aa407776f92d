import "server-only";
import { boundedClient } from "@/lib/db/connection";

/** How many connections of this process are in use, and how many callers wait for one. */
export function databaseLoad(): { readonly inUse: number; readonly waiting: number } {
  return boundedClient().load;
}
