import { isRefused, type Refused } from "@/lib/refused";

/** What came of something that has to work here; a no fails the test and is named. */
export async function given<T>(result: T | Promise<T>): Promise<Given<T>> {
  const value = await result;
  if (isGiven(value)) return value;
  throw new Error(`refused: ${isRefused(value) ? value.refused : value}`);
}

/** What was given, or null where it was wrong. No other no is taken for that. */
export async function unlessWrong<T>(result: T | Promise<T>): Promise<Given<T> | null> {
  const value = await result;
  return isRefused(value) && value.refused === "wrong" ? null : given(value);
}

type Given<T> = Exclude<T, Refused | null>;

function isGiven<T>(value: T): value is Given<T> {
  return value !== null && !isRefused(value);
}
