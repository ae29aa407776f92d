import { ZxcvbnFactory } from "@zxcvbn-ts/core";
import { adjacencyGraphs, dictionary } from "@zxcvbn-ts/language-common";

// The one judgement of how hard a password is to guess: the browser's meter and the server's
// threads both load this file as it is, so that they cannot disagree. Hence plain JavaScript.

// The work grows with the square of the length and more: 256 chosen characters take most of a second.
// A hard start is enough, since whoever guesses the whole has guessed it, too.
const MOST_JUDGED = 64;

// Of zxcvbn's 0 to 4: what falls to fewer than a million guesses is easy.
const LEAST_SCORE = 2;

const zxcvbn = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs, maxLength: MOST_JUDGED });

// Keyboards and counting, as fingers run. No list holds every part of them.
const RUNS = [
  "1234567890",
  "abcdefghijklmnopqrstuvwxyz",
  "1234567890qwertyuiopasdfghjklzxcvbnm",
  "1234567890qwertzuiopasdfghjklyxcvbnm",
  "1234567890azertyuiopqsdfghjklmwxcvbn",
  "qwertyuiopasdfghjklzxcvbnm",
  "qwertzuiopasdfghjklyxcvbnm",
  "azertyuiopqsdfghjklmwxcvbn",
  "1q2w3e4r5t6y7u8i9o0p",
  "q1w2e3r4t5y6u7i8o9p0",
  "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
  "qazwsxedcrfvtgbyhnujmikolp",
];
const TURNS = 30;
const LINES = RUNS.flatMap((run) => [run, Array.from(run).reverse().join("")]).map((run) =>
  run.repeat(TURNS),
);

/**
 * How hard a password is to guess: zxcvbn's score, 0 (at once) to 4 (hardly ever), whether that is
 * too easy to be taken, and zxcvbn's name for the reason, which is null where it has none. What is
 * among those that are tried first is 0, for the reason `common` (ASVS 6.2.4, 6.2.11, 6.2.12).
 * @param {string} password
 * @param {readonly string[]} ownWords what somebody who knows the person and the site tries
 * @returns {{ score: number, isEasy: boolean, reason: string | null }}
 */
export function strengthOf(password, ownWords) {
  const typed = password.normalize("NFC");
  if (isTriedFirst(typed.toLowerCase())) return { score: 0, isEasy: true, reason: "common" };
  const { score, feedback } = zxcvbn.check(typed, [...ownWords]);
  return { score, isEasy: score < LEAST_SCORE, reason: feedback.warning };
}

// A listed one, one said again and again, or a plain run of keys or digits.
function isTriedFirst(plain) {
  if (LINES.some((line) => line.includes(plain))) return true;
  const listed = dictionary["passwords-common"];
  return [plain, repeatedPart(plain)].some((part) => listed.includes(part));
}

// "abc" of "abcabc"; the whole where nothing is said again.
function repeatedPart(text) {
  return text.slice(0, `${text}${text}`.indexOf(text, 1));
}
