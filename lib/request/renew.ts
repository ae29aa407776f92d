import "server-only";
import { inTransaction } from "@/lib/db/transaction";
import type { Current } from "@/lib/request/current";
import { setSessionCookie } from "@/lib/request/session-cookie";
import { renewSession } from "@/lib/session/lifecycle";
import { BroughtSecret } from "@/lib/session/token";

/**
 * Gives a session whose user has got another role its new secret. Of parallel requests one does;
 * the old secret stays good for what the others read. Never for the former secret: a copy of it must
 * not become the present one. The request goes on with what it gives. Only in actions and route
 * handlers.
 */
export async function renewIfDue(current: Current): Promise<Current> {
  const { session } = current;
  if (!session.isRotationDue || current.token === "former") return current;
  const now = new Date();
  const token = await inTransaction((transaction) => renewSession(transaction, current, now));
  if (!token) return current;
  await setSessionCookie({ session, token }, now);
  return { ...current, brought: new BroughtSecret(token.secret) };
}
