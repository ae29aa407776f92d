import "server-only";
import { troubleWords } from "@/app/_forms/refusal-words";
import { fieldText } from "@/app/_forms/sent-form";
import { ROLE_WORDS } from "@/app/_shell/role-words";
import type { TypedUser, UserFormState } from "@/app/admin/_console/user-form";
import { OwnAccount } from "@/lib/auth/change-password";
import type { Role } from "@/lib/db/schema";
import { LockingOut } from "@/lib/users/administrators";
import { DuplicateUser, NoSuchUser } from "@/lib/users/users";

/** What was typed, field by field: whatever else a form brings is not looked at. */
export function typedUser(form: FormData): TypedUser {
  const role = fieldText(form, "role");
  return {
    username: fieldText(form, "username"),
    email: fieldText(form, "email"),
    name: fieldText(form, "name"),
    role: isRole(role) ? role : "member",
  };
}

/** Why a user was not added or changed, for the person who asked. Throws whatever else went wrong. */
export function userProblem(error: unknown): string {
  const isOurs = [LockingOut, NoSuchUser, OwnAccount].some((known) => error instanceof known);
  if (isOurs && error instanceof Error) return error.message;
  return troubleWords(error);
}

/** The same for a form: what somebody else has already stands at its field. */
export function formProblem(error: unknown): Pick<UserFormState, "error" | "errors"> {
  if (error instanceof DuplicateUser)
    return { error: null, errors: { [error.field]: [`${error.message}.`] } };
  return { error: userProblem(error), errors: {} };
}

function isRole(text: string): text is Role {
  return Object.hasOwn(ROLE_WORDS, text);
}
