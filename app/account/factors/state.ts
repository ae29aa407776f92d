/** An authenticator app that is being set up, as the page shows it. */
export interface ShownSetUp {
  /** The picture for the app, as an address of its own. */
  readonly picture: string;
  /** What the picture holds, in base32, for whoever types or pastes it. */
  readonly secret: string;
  /** For the form to send back. */
  readonly sealed: string;
}

/** What each form does. */
export const ABOUT = [
  "add",
  "remove",
  "renew",
  "add_passkey",
  "rename_passkey",
  "remove_passkey",
] as const;
export type About = (typeof ABOUT)[number];

/** What the forms show after a try; never a code that was typed. */
export interface FactorsState {
  /** The form that the rest is about; null before any was sent. */
  readonly about: About | null;
  readonly error: string | null;
  /** The set-up that a wrong code was for: the app has its secret already. */
  readonly setUp: ShownSetUp | null;
  readonly isDone: boolean;
  /** Shown this once. */
  readonly recoveryCodes: readonly string[];
  /** Counts the tries, so that the same error twice is still news. */
  readonly attempt: number;
}

export const INITIAL_STATE: FactorsState = {
  about: null,
  error: null,
  setUp: null,
  isDone: false,
  recoveryCodes: [],
  attempt: 0,
};
