/** What the form shows after a try; never a password. */
export interface PasswordState {
  /** By the field that it is about. */
  readonly errors: {
    readonly currentPassword?: string | undefined;
    readonly newPassword?: string | undefined;
    readonly confirmPassword?: string | undefined;
  };
  /** Why nothing was looked at. */
  readonly refusal: string | null;
  /** Counts the tries, so that the same error twice is still news. */
  readonly attempt: number;
}

export const INITIAL_STATE: PasswordState = { errors: {}, refusal: null, attempt: 0 };
