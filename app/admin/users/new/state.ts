import { type TypedUser, type UserFormState, untried } from "@/app/admin/_console/user-form";

/** How somebody who was added gets in: a link that was mailed, or a link or a password that is shown this once. */
export type WayIn =
  | { readonly way: "mailed"; readonly email: string }
  | { readonly way: "link"; readonly link: string }
  | { readonly way: "password"; readonly password: string };

export interface Added {
  readonly id: number;
  readonly username: string;
  readonly wayIn: WayIn;
}

/** The form, or who was added by it. */
export type NewUserState =
  | (UserFormState & { readonly isTemporary: boolean; readonly added: null })
  | { readonly added: Added };

export const NOBODY: TypedUser = { username: "", email: "", name: "", role: "member" };
export const INITIAL: NewUserState = { ...untried(NOBODY), isTemporary: false, added: null };
