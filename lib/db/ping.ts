import "server-only";
import { sql } from "drizzle-orm";
import { db } from "@/lib/db/connection";

/** Asks the database the smallest question. Throws DatabaseUnavailable when it does not answer. */
export async function pingDatabase(): Promise<void> {
  await db().execute(sql`select 1`);
}
