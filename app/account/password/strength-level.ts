import { countedLength, LONGEST_PASSWORD, passwordLength } from "@/lib/auth/password-length";

/** What is shown of a password that is being typed. */
export interface Level {
  readonly words: string;
  /** How many of four. */
  readonly steps: number;
  readonly fill: string;
}

const NOTHING: Level = { words: "", steps: 0, fill: "" };
const TOO_SHORT: Level = { words: "Too short so far", steps: 1, fill: "bg-danger" };
const TOO_LONG: Level = {
  words: `Too long: ${LONGEST_PASSWORD} characters at most`,
  steps: 1,
  fill: "bg-danger",
};
/** By the score, 0 to 4. The first two are not taken. */
const LEVELS: readonly Level[] = [
  { words: "Very easy to guess", steps: 1, fill: "bg-danger" },
  { words: "Easy to guess", steps: 1, fill: "bg-danger" },
  { words: "Could be harder to guess", steps: 2, fill: "bg-warning" },
  { words: "Good: hard to guess", steps: 3, fill: "bg-success" },
  { words: "Strong: very hard to guess", steps: 4, fill: "bg-success" },
];

/** What the server's rules ask besides the strength. */
export interface Rules {
  readonly least: number;
  readonly ownWords: readonly string[];
}

/** What to say of a password; red for each that the server refuses, but by a list of its own. */
export function levelOf(password: string, { least, ownWords }: Rules, score: number | null): Level {
  if (password === "") return NOTHING;
  if (countedLength(password, ownWords) < least) return TOO_SHORT;
  if (passwordLength(password) > LONGEST_PASSWORD) return TOO_LONG;
  return (score !== null && LEVELS[score]) || NOTHING;
}
