"use client";

import { useActionState } from "react";
import { buttonClass } from "@/app/_ui/button-class";
import { SubmitButton } from "@/app/_ui/submit-button";
import { useReachable } from "@/app/_ui/use-reachable";
import { UserFields } from "@/app/admin/_console/user-fields";
import { type TypedUser, unreached, untried } from "@/app/admin/_console/user-form";
import { editUserAction } from "@/app/admin/users/[id]/edit/actions";

type EditUserFormProps = { id: number; user: TypedUser };

export function EditUserForm({ id, user }: EditUserFormProps) {
  const [state, send] = useActionState(
    useReachable(editUserAction, unreached(user)),
    untried(user),
  );
  return (
    <form action={send} aria-label="Edit the user" className="max-w-form space-y-5">
      <input type="hidden" name="id" value={id} />
      <UserFields state={state} isNew={false} />
      <div className="flex flex-wrap gap-3">
        <SubmitButton pendingLabel="Saving…">Save</SubmitButton>
        <a href={`/admin/users/${id}`} className={buttonClass("secondary")}>
          Cancel
        </a>
      </div>
    </form>
  );
}
