"use client";

import { useActionState } from "react";
import { buttonClass } from "@/app/_ui/button-class";
import { Notice } from "@/app/_ui/notice";
import { SubmitButton } from "@/app/_ui/submit-button";
import { deleteAccountAction } from "@/app/account/delete/actions";

export function DeleteForm() {
  const [error, send] = useActionState<string | null>(deleteAccountAction, null);
  return (
    <form action={send} aria-label="Delete the account" className="space-y-4">
      {error && (
        <Notice role="alert" tone="danger">
          {error}
        </Notice>
      )}
      <div className="flex flex-wrap gap-3">
        <SubmitButton variant="danger" pendingLabel="One moment…">
          Delete my account
        </SubmitButton>
        <a href="/account" className={buttonClass("secondary")}>
          Keep it
        </a>
      </div>
    </form>
  );
}
