"use client";

import { useActionState } from "react";
import { buttonClass } from "@/app/_ui/button-class";
import { SubmitButton } from "@/app/_ui/submit-button";
import { useReachable } from "@/app/_ui/use-reachable";
import { ShownPassword } from "@/app/admin/_console/shown-password";
import { UserFields } from "@/app/admin/_console/user-fields";
import { unreached } from "@/app/admin/_console/user-form";
import { addUserAction } from "@/app/admin/users/new/actions";
import { INITIAL, type NewUserState, NOBODY } from "@/app/admin/users/new/state";

export function NewUserForm() {
  const lost: NewUserState = { ...unreached(NOBODY), added: null };
  const [state, send] = useActionState(useReachable(addUserAction, lost), INITIAL);
  // No form beside the password: it would be sent along with the next one.
  if (state.added) {
    const { id, username, password } = state.added;
    return (
      <ShownPassword
        username={username}
        password={password}
        done={`${username} was added and can sign in.`}
      >
        <a href={`/admin/users/${id}`} className={buttonClass()}>
          Go to the user
        </a>
        <a href="/admin/users/new" className={buttonClass("secondary")}>
          Add another
        </a>
      </ShownPassword>
    );
  }
  return (
    <form action={send} aria-label="Add a user" className="max-w-form space-y-5">
      <UserFields state={state} isNew />
      <SubmitButton pendingLabel="Adding…">Add the user</SubmitButton>
    </form>
  );
}
