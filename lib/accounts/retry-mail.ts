import "server-only";
import { inTransaction } from "@/lib/db/transaction";
import { retryMail } from "@/lib/mail/list";
import { type Actor, judgeActor } from "@/lib/session/authority";

/**
 * Makes mails due again that were given up, one or all (null), by the decision of an employee with a
 * fresh proof. How many. Throws AuthorityLost.
 */
export async function retryMailBy(actor: Actor, id: string | null, now: Date): Promise<number> {
  return inTransaction(async (transaction) => {
    await judgeActor(transaction, actor, { role: "staff", recentProof: true }, now);
    return retryMail(id, now, transaction);
  });
}
