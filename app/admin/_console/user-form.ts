import type { Role } from "@/lib/roles";

/** What was typed about a user. */
export interface TypedUser {
  readonly username: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
}

/** What a form about a user shows after a try: what was typed, and what is wrong with it. */
export interface UserFormState {
  readonly typed: TypedUser;
  readonly error: string | null;
  /** By field. */
  readonly errors: Readonly<Record<string, string[]>>;
  /** Counts the tries, so that the same error twice is still news. */
  readonly attempt: number;
}

/** The form before the first try. */
export function untried(typed: TypedUser): UserFormState {
  return { typed, error: null, errors: {}, attempt: 0 };
}

/** The form when nobody could be reached. */
export function unreached(typed: TypedUser): UserFormState {
  return {
    ...untried(typed),
    error: "We could not be reached, so nothing was changed. Try again in a moment.",
    attempt: 1,
  };
}
