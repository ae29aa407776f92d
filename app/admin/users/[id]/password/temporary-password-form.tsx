"use client";

import { useActionState } from "react";
import { buttonClass } from "@/app/_ui/button-class";
import { SubmitButton } from "@/app/_ui/submit-button";
import { useReachable } from "@/app/_ui/use-reachable";
import { Decision } from "@/app/admin/_console/decision";
import { ShownPassword } from "@/app/admin/_console/shown-password";
import { setTemporaryPasswordAction } from "@/app/admin/users/[id]/password/actions";
import { INITIAL } from "@/app/admin/users/[id]/password/state";

type TemporaryPasswordFormProps = { id: number; username: string };

const UNREACHABLE = "We could not be reached. If the user cannot sign in any more, do this again.";

export function TemporaryPasswordForm({ id, username }: TemporaryPasswordFormProps) {
  const lost = { password: null, error: UNREACHABLE };
  const [{ password, error }, send] = useActionState(
    useReachable(setTemporaryPasswordAction, lost),
    INITIAL,
  );
  // No form beside the password: it would be sent along with the next one.
  if (password)
    return (
      <ShownPassword username={username} password={password} done="The new password is set.">
        <a href={`/admin/users/${id}`} className={buttonClass()}>
          Go to the user
        </a>
      </ShownPassword>
    );
  return (
    <form action={send} aria-label="Set a temporary password" className="space-y-4">
      <input type="hidden" name="id" value={id} />
      <Decision error={error} backTo={`/admin/users/${id}`}>
        <SubmitButton variant="danger" pendingLabel="One moment…">
          Set a temporary password
        </SubmitButton>
      </Decision>
    </form>
  );
}
