import { describe, expect, it } from "vitest";
import { projectSources, type Source, source } from "../../support/sources";
import { isGatehouses } from "../../support/theirs";

/** What is wrong with a source, in words; nothing when it keeps the rule. */
export type Rule = (source: Source) => readonly string[];

/** A made-up source: its path and its text. */
type MadeUp = readonly [path: string, text: string];

const sources = projectSources().filter(({ path }) => isGatehouses(path));

/** Tests that the project keeps a rule, and that the rule finds what breaks it and nothing else. */
export function holds(
  name: string,
  rule: Rule,
  { breaks, keeps }: { breaks: MadeUp[]; keeps: MadeUp[] },
) {
  describe(name, () => {
    it("holds in every source", () => {
      expect(sources.flatMap((each) => faultsOf(rule, each))).toEqual([]);
    });

    it.each(breaks)("would find it broken by %s: %j", (path, text) => {
      expect(rule(source(path, text))).not.toEqual([]);
    });

    it.each(keeps)("lets be %s: %j", (path, text) => {
      expect(rule(source(path, text))).toEqual([]);
    });
  });
}

function faultsOf(rule: Rule, each: Source): string[] {
  return rule(each).map((fault) => `${each.path}: ${fault}`);
}
