import "server-only";
import { sql } from "drizzle-orm";
import { inTransaction } from "@/lib/db/transaction";
import { type Actor, judgeActor } from "@/lib/session/authority";

export async function archiveNote(actor: Actor, id: number, now: Date): Promise<void> {
  await inTransaction(async (transaction) => {
    await judgeActor(transaction, actor, { role: "staff", recentProof: true }, now);
    await transaction.execute(sql`update notes set archived_at = ${now} where id = ${id}`);
  });
}
