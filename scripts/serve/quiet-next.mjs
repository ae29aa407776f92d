// Loaded into `next start` before anything else: Next's first words name an address of its own, and
// the one to open is APP_URL, which `npm start` prints.
import { stripVTControlCharacters } from "node:util";

const FIRST_WORDS = /^\s*(▲ Next\.js |- (Local|Network): |✓ (Ready in |Running next\.config))/;
const print = console.log;

console.log = (...words) => {
  if (!FIRST_WORDS.test(stripVTControlCharacters(words.join(" ")))) print(...words);
};
