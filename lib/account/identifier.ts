/**
 * The one normal form of user names and emails: NFC, without blanks around. Letter case is kept, and
 * never counts.
 */
export function normalIdentifier(typed: string): string {
  // The servers' lower() makes an i of İ, which would make two people one; Unicode keeps the dot.
  return typed.normalize("NFC").trim().replaceAll("İ", "i\u0307");
}

// Blanks, control and unassigned characters, and what shows as nothing or turns the direction round.
const HIDDEN = /[\s\p{C}\p{Default_Ignorable_Code_Point}\u2800]/u;

/**
 * Whether people would take it for something else: a character that is not seen, or another way to
 * write a plain letter or sign (`＠`, `ａ`, `ﬁ`). Letters of other alphabets are letters of their own.
 */
export function isDeceptive(identifier: string): boolean {
  return HIDDEN.test(identifier) || Array.from(identifier).some(standsForPlain);
}

const PLAIN = /[\x20-\x7e]/;

function standsForPlain(character: string): boolean {
  return !PLAIN.test(character) && PLAIN.test(character.normalize("NFKC"));
}
