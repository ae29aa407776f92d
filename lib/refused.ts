/**
 * An expected "no", as a value: `refused` says which, other fields what a person is told. Whoever
 * gets a union of them decides by `switch`, which the types hold complete. Trouble is thrown.
 */
export interface Refused<Why extends string = string> {
  readonly refused: Why;
}

/** Whether a result is one of its expected noes. */
export function isRefused<T>(result: T): result is Extract<T, Refused> {
  return typeof result === "object" && result !== null && "refused" in result;
}
