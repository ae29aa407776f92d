import { ZxcvbnFactory } from "@zxcvbn-ts/core";
import { adjacencyGraphs, dictionary } from "@zxcvbn-ts/language-common";

// Longer ones are judged by their start, so that no key press waits.
const LONGEST = 64;

const zxcvbn = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs, maxLength: LONGEST });

/** zxcvbn's score of a password: 0 is guessed at once, 4 hardly ever. */
export function estimate(password: string, ownWords: string[]): number {
  return zxcvbn.check(password, ownWords).score;
}
