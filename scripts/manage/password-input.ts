import { text } from "node:stream/consumers";
import { Problem } from "../program";

/** The password on standard input, without the line's end: an argument would stay in the history. */
export async function passwordFromInput(): Promise<string> {
  if (process.stdin.isTTY) console.error("Type the password, then Enter and Ctrl-D:");
  const password = (await text(process.stdin)).replace(/\r?\n$/, "");
  if (password === "") throw new Problem("Standard input held no password.");
  return password;
}
