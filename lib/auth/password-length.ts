// Asked in the browser, too: nothing that only the server knows may come in here.

/** Nothing longer is taken: the door says so, and no thread is kept busy by it. */
export const LONGEST_PASSWORD = 256;

/** How many characters a password has: those of its NFC form, an emoji being one. */
export function passwordLength(password: string): number {
  return Array.from(password.normalize("NFC")).length;
}

/**
 * How many characters of a password count: those that are left without the own words, which
 * `contextWords` names (ASVS 6.2.11). The browser asks this, too.
 */
export function countedLength(password: string, ownWords: readonly string[]): number {
  const typed = password.normalize("NFC").toLowerCase();
  return passwordLength(ownWords.reduce((left, word) => left.replaceAll(word, ""), typed));
}
