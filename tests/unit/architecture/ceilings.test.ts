// How large the house may be. A ceiling is lowered when something leaves, never raised unnoticed.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "@/scripts/root";

const CEILINGS = [
  {
    what: "lines of scripts and bench",
    figure: linesOf("{scripts,bench}/**/*.{ts,mjs}"),
    ceiling: 5285,
  },
];

function linesOf(pattern: string): number {
  const paths = globSync(pattern, { cwd: root });
  return linesIn(paths.map((path) => readFileSync(join(root, path), "utf8")));
}

function linesIn(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.split("\n").length - 1, 0);
}

describe("ceilings", () => {
  it.each(CEILINGS)("$what: $figure, at most $ceiling", ({ what, figure, ceiling }) => {
    console.log(`${what}: ${figure}, at most ${ceiling}`);
    expect(figure).toBeGreaterThan(0);
    expect(figure).toBeLessThanOrEqual(ceiling);
  });

  it("counts every line of every text", () => {
    expect(linesIn(["one\n", "two\n\nthree\n"])).toBe(4);
  });
});
