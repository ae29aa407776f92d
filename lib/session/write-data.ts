import "server-only";
import { type SQL, sql } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { sessions } from "@/lib/db/schema";
import { retryOnDeadlock } from "@/lib/db/transaction";
import { checkedChanges, type SessionDataChanges, UnfitSessionData } from "@/lib/session/data";
import { findSession, liveRow } from "@/lib/session/store";

const LARGEST_BYTES = 64 * 1024;

/**
 * Merges changes into a session's data in one statement: the database does it, so two requests
 * that write different keys both survive, and of two that write the same the last one wins. False
 * when the session has ended meanwhile. Throws UnfitSessionData.
 */
export async function writeSessionData(id: string, changes: SessionDataChanges): Promise<boolean> {
  const merged = mergedData(changes);
  if (!merged) return true;
  const statement = sql`
    update ${sessions} set data = ${merged}
    where ${liveRow(id)} and length(${merged}) <= ${LARGEST_BYTES}`;
  const [result] = await retryOnDeadlock(() => db().execute(statement));
  if ("affectedRows" in result && result.affectedRows > 0) return true;
  const stored = await findSession(id);
  if (!stored || stored.session.endedAt) return false;
  throw new UnfitSessionData(`The data of a session may be ${LARGEST_BYTES} bytes, not more.`);
}

// Keys are plain words (see SessionData), so they can stand in a path as they are.
function mergedData(changes: SessionDataChanges): SQL | null {
  const { set, remove } = checkedChanges(changes);
  const values = JSON.stringify(set);
  const setting = Object.keys(set).map(
    (key) => sql`${pathOf(key)}, json_extract(${values}, ${pathOf(key)})`,
  );
  // What somebody wrote past the schema may be no object, and nothing can be set in that.
  let merged = sql`if(json_type(data) = 'OBJECT', data, json_object())`;
  if (setting.length > 0) merged = sql`json_set(${merged}, ${sql.join(setting, sql`, `)})`;
  if (remove.length > 0)
    merged = sql`json_remove(${merged}, ${sql.join(remove.map(pathOf), sql`, `)})`;
  return setting.length + remove.length > 0 ? merged : null;
}

function pathOf(key: string): SQL {
  return sql`${`$.${key}`}`;
}
