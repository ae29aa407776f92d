/** What the form shows after a try. */
export interface ForgotState {
  readonly error: string | null;
  readonly attempt: number;
}

export const INITIAL_FORGOT_STATE: ForgotState = { error: null, attempt: 0 };
