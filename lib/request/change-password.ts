import "server-only";
import { z } from "zod";
import { changeOwnPassword, type Proof } from "@/lib/account/own-password";
import { currentClient } from "@/lib/request/client";
import type { Current } from "@/lib/request/current";
import { rememberDevice } from "@/lib/request/device-cookie";
import { setSessionCookie } from "@/lib/request/session-cookie";

const LONGEST_FIELD = 1024;

/** What a change of one's own password gives. Passwords are taken exactly as typed. */
export const ChangePasswordInput = z
  .strictObject({
    currentPassword: z.string().min(1, "Give your current password.").max(LONGEST_FIELD),
    newPassword: z.string().min(1, "Give a new password.").max(LONGEST_FIELD),
    confirmPassword: z.string().min(1, "Give the new password once more.").max(LONGEST_FIELD),
  })
  .refine(
    ({ newPassword, confirmPassword }) =>
      newPassword.normalize("NFC") === confirmPassword.normalize("NFC"),
    { path: ["confirmPassword"], message: "This is not the same as the new password." },
  );

/**
 * Replaces the password of who is signed in, ends their other sessions and hands over the new
 * secret of this one; false for a wrong current password. Throws AuthorityLost, UnfitPassword,
 * Throttled, HashingBusy and BlocklistUnavailable. Only in actions and route handlers.
 */
export async function changePassword(
  current: Current,
  { currentPassword, newPassword }: z.output<typeof ChangePasswordInput>,
): Promise<boolean> {
  const now = new Date();
  const proof: Proof = { ...current, password: currentPassword, client: await currentClient() };
  const token = await changeOwnPassword(proof, newPassword, now);
  if (!token) return false;
  await setSessionCookie({ session: current.session, token }, now);
  await rememberDevice(proof.client.known, current.user.id, now);
  return true;
}
