import { describe, expect, it } from "vitest";
import { commands } from "@/scripts/manage/commands";
import { Connection } from "@/scripts/manage/connection";
import { EXAMPLES, verbsOf } from "@/scripts/manage/examples";

const program = await commands(new Connection(new AbortController().signal));
const verbs = verbsOf(program);

/** What `--help` prints. */
function helpOf(words: string): string {
  let said = "";
  const [, command] = verbs.find(([name]) => name === words) ?? [];
  command?.configureOutput({
    writeOut: (text) => {
      said += text;
    },
  });
  command?.outputHelp();
  return said;
}

describe("--help", () => {
  it("there are verbs for users, sessions and what they rest on", () => {
    expect(verbs.length).toBeGreaterThanOrEqual(18);
  });

  it.each(verbs)("%s: says what it does, shows an example, and knows --json", (words, command) => {
    expect(command.description()).toMatch(/^\S.{10,90}$/);
    expect(helpOf(words)).toMatch(/\nExamples:\n {2}npm run manage -- \S/);
    expect(command.options.map(({ long }) => long)).toContain("--json");
    for (const option of command.options) expect(option.description, option.flags).not.toBe("");
  });

  it("no example is of a verb that is not there, or with an option that it does not know", () => {
    const known = new Map(verbs);
    for (const [words, lines] of Object.entries(EXAMPLES)) {
      const options = known.get(words)?.options.map(({ long }) => long);
      expect(options, words).toBeDefined();
      for (const line of lines) {
        expect(line.startsWith(words), line).toBe(true);
        for (const [option] of line.matchAll(/--[a-z-]+/g)) expect(options, line).toContain(option);
      }
    }
  });
});
