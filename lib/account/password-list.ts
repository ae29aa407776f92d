import "server-only";

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
 * Whether a password is among those that are tried first (ASVS 6.2.4, 6.2.12), whatever its letter
 * case: a listed one, a listed one said again and again, or a plain run of keys or digits. Not one
 * that is merely weak. The list is read at the first question.
 */
export async function isCommonPassword(password: string): Promise<boolean> {
  const plain = password.normalize("NFC").toLowerCase();
  if (LINES.some((line) => line.includes(plain))) return true;
  const { dictionary } = await import("@zxcvbn-ts/language-common");
  const listed = dictionary["passwords-common"];
  return [plain, repeatedPart(plain)].some((part) => listed.includes(part));
}

// "abc" of "abcabc"; the whole where nothing is said again.
function repeatedPart(text: string): string {
  return text.slice(0, `${text}${text}`.indexOf(text, 1));
}
