import "server-only";
import { z } from "zod";
import { type Proof, reauthenticate } from "@/lib/account/own-password";
import { currentClient } from "@/lib/request/client";
import type { Current } from "@/lib/request/current";
import { rememberDevice } from "@/lib/request/device-cookie";
import { setSessionCookie } from "@/lib/request/session-cookie";

/** What a fresh proof gives; any other field is refused. A password is taken exactly as typed. */
export const ProofInput = z.strictObject({
  password: z.string().min(1, "Give your password.").max(1024),
});

/** Takes a fresh proof and hands over the new secret; false for a wrong password. Throws AuthorityLost and Throttled. */
export async function proveAgain(current: Current, password: string): Promise<boolean> {
  const now = new Date();
  const proof: Proof = { ...current, password, client: await currentClient() };
  const token = await reauthenticate(proof, now);
  if (!token) return false;
  await setSessionCookie({ session: current.session, token }, now);
  await rememberDevice(proof.client.known, current.user.id, now);
  return true;
}
