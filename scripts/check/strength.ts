import { weaknessOfSecret } from "@/lib/variables";

/** ASVS 11.5.1: at least so many random bits. */
const LEAST_BITS = 128;

/** The most random bits that a text can hold, by the letters that it is written in. */
export function mostBits(text: string): number {
  const alphabet = ALPHABETS.find(([letters]) => letters.test(text))?.[1] ?? 94;
  return Math.floor(unrepeated(text).length * Math.log2(alphabet));
}

const ALPHABETS: [letters: RegExp, size: number][] = [
  [/^\d*$/, 10],
  [/^[\da-f]*$/i, 16],
  [/^[a-z]*$/, 26],
  [/^[a-z\d]*$/, 36],
  [/^[\w+/=-]*$/, 64],
];

// A secret that says the same twice is worth half.
function unrepeated(text: string): string {
  return /^(.+?)\1+$/s.exec(text)?.[1] ?? text;
}

/** Why a secret could be guessed, or null. */
export function guessableBecause(secret: string): string | null {
  const weakness = weaknessOfSecret(secret) ?? exampleIn(secret);
  if (weakness) return weakness;
  const bits = mostBits(secret);
  return bits < LEAST_BITS ? `worth ${bits} random bits at most (${LEAST_BITS} are due)` : null;
}

function exampleIn(secret: string): string | null {
  return /secret|tests?-only|qwert|asdf|01234|12345|abcdef/i.test(secret)
    ? "an example value"
    : null;
}
