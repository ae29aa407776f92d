import "server-only";
import { inTransaction } from "@/lib/db/transaction";
import { setSessionCookie } from "@/lib/request/session-cookie";
import { renewSession } from "@/lib/session/lifecycle";
import type { Session } from "@/lib/session/session";

/**
 * Gives a session whose user has got another role its new secret. Of parallel requests one does;
 * the old secret stays good for the others. Only in actions and route handlers.
 */
export async function renewIfDue(session: Session): Promise<void> {
  if (!session.isRotationDue) return;
  const now = new Date();
  const token = await inTransaction((transaction) => renewSession(transaction, session, now));
  if (token) await setSessionCookie({ session, token }, now);
}
