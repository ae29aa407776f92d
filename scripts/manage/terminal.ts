import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { Problem } from "../program";

/** Whether somebody sits at a terminal who can be asked. */
export function isSomebodyThere(): boolean {
  return process.stdin.isTTY === true;
}

/** Asks for a yes; anything else is a Problem, and nothing is done. */
export async function confirm(what: string): Promise<void> {
  const response = await ask(`${what} Type yes to go on: `);
  if (response.trim().toLowerCase() !== "yes") throw new Problem("Nothing was done.");
}

/** A password typed twice, unseen. Throws a Problem where the two differ or nothing was typed. */
export async function typedPassword(): Promise<string> {
  const password = await ask("New password: ", "unseen");
  if (password === "") throw new Problem("No password was typed.");
  if ((await ask("The same once more: ", "unseen")) !== password)
    throw new Problem("The two are not the same; nothing was changed.");
  return password;
}

/** The password on standard input, without the line's end: an argument would stay in the history. */
export async function passwordFromInput(): Promise<string> {
  const password = (await text(process.stdin)).replace(/\r?\n$/, "");
  if (password === "") throw new Problem("Standard input held no password.");
  return password;
}

// On standard error, so that standard output holds results alone.
async function ask(question: string, echo: "seen" | "unseen" = "seen"): Promise<string> {
  const isSeen = echo === "seen";
  const nowhere = new Writable({ write: (_piece, _encoding, done) => done() });
  const output = isSeen ? process.stderr : nowhere;
  const reader = createInterface({ input: process.stdin, output, terminal: true });
  // Once the terminal shows nothing more: a quick hand answers as soon as it is asked.
  if (!isSeen) process.stderr.write(question);
  const gaveUp = new AbortController();
  // While it reads key by key, the terminal sends no signal for Ctrl-C.
  reader.on("SIGINT", () => gaveUp.abort());
  reader.on("close", () => gaveUp.abort());
  try {
    // By the reader itself where it draws: it wipes the line, and what others wrote there with it.
    return await reader.question(isSeen ? question : "", { signal: gaveUp.signal });
  } catch {
    throw new Problem("Nothing was done.");
  } finally {
    reader.close();
    if (!isSeen) process.stderr.write("\n");
  }
}
