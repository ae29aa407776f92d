"use client";

import { useActionState } from "react";
import { CheckboxField } from "@/app/_ui/checkbox-field";
import { SubmitButton } from "@/app/_ui/submit-button";
import { useReachable } from "@/app/_ui/use-reachable";
import { UserFields } from "@/app/admin/_console/user-fields";
import { unreached } from "@/app/admin/_console/user-form";
import { addUserAction } from "@/app/admin/users/new/actions";
import { AddedUser } from "@/app/admin/users/new/added-user";
import { INITIAL, type NewUserState, NOBODY } from "@/app/admin/users/new/state";

export function NewUserForm() {
  const lost: NewUserState = { ...unreached(NOBODY), isTemporary: false, added: null };
  const [state, send] = useActionState(useReachable(addUserAction, lost), INITIAL);
  // No form beside what is shown this once: it would be sent along with the next one.
  if (state.added) return <AddedUser added={state.added} />;
  return (
    <form action={send} aria-label="Add a user" className="max-w-form space-y-5">
      <UserFields state={state} isNew />
      <CheckboxField
        label="Make a temporary password instead of a link"
        name="temporary"
        hint="You’ll see it once, to pass on. They use it to choose their own."
        defaultChecked={state.isTemporary}
      />
      <SubmitButton pendingLabel="Adding…">Add the user</SubmitButton>
    </form>
  );
}
