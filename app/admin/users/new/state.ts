import { type TypedUser, type UserFormState, untried } from "@/app/admin/_console/user-form";

/** The form, or who was added by it with the password that is shown this once. */
export type NewUserState =
  | (UserFormState & { readonly added: null })
  | {
      readonly added: { readonly id: number; readonly username: string; readonly password: string };
    };

export const NOBODY: TypedUser = { username: "", email: "", name: "", role: "member" };
export const INITIAL: NewUserState = { ...untried(NOBODY), added: null };
