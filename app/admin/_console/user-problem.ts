import "server-only";
import { refusalWords } from "@/app/_forms/refusal-words";
import { fieldText } from "@/app/_forms/sent-form";
import type { TypedUser, UserFormState } from "@/app/admin/_console/user-form";
import type { Busy } from "@/lib/auth/password-threads";
import { ROLE_WORDS, type Role } from "@/lib/roles";
import { duplicateWords, type UserRefusal, userRefusalWords } from "@/lib/users/refusals";

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

/** Why nothing was done to a user, for the person who asked. */
export function userProblem(refusal: UserRefusal | Busy): string {
  return refusal.refused === "busy" ? refusalWords(refusal) : userRefusalWords(refusal);
}

/** Why a user could not be added or changed, as a form shows it: what is taken stands at its field. */
export function formProblem(refusal: UserRefusal | Busy): Pick<UserFormState, "error" | "errors"> {
  if (refusal.refused === "duplicate_user") return { error: null, errors: duplicateWords(refusal) };
  return { error: userProblem(refusal), errors: {} };
}

function isRole(text: string): text is Role {
  return Object.hasOwn(ROLE_WORDS, text);
}
