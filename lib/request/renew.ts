import "server-only";
import { inTransaction } from "@/lib/db/transaction";
import type { Current } from "@/lib/request/current";
import { setSessionCookie } from "@/lib/request/session-cookie";
import { renewSession } from "@/lib/session/lifecycle";

/**
 * Gives a session whose user has got another role its new secret. Of parallel requests one does;
 * the old secret stays good for what the others read. Never for the former secret: a copy of it must
 * not become the present one. Only in actions and route handlers.
 */
export async function renewIfDue({ session, token: brought }: Current): Promise<void> {
  if (!session.isRotationDue || brought === "former") return;
  const now = new Date();
  const token = await inTransaction((transaction) => renewSession(transaction, session, now));
  if (token) await setSessionCookie({ session, token }, now);
}
