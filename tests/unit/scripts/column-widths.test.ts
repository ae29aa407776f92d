import { afterEach, describe, expect, it, vi } from "vitest";
import { cellOf, fittingWidths } from "@/scripts/manage/column-widths";
import { printTable } from "@/scripts/manage/output";

describe("tables that fit the terminal", () => {
  it("leaves alone what fits", () => {
    expect(fittingWidths([10, 20, 30], 64)).toEqual([10, 20, 30]);
  });

  it("takes from the widest column first, and then from the next", () => {
    expect(fittingWidths([10, 20, 30], 60)).toEqual([10, 20, 26]);
    expect(fittingWidths([10, 20, 30], 44)).toEqual([10, 15, 15]);
  });

  it("never cuts the first, which people copy, nor any below eight letters", () => {
    expect(fittingWidths([36, 20, 9], 40)).toEqual([36, 8, 8]);
  });

  it("marks a cell that is cut", () => {
    expect([cellOf("abcdef", 4), cellOf("ab", 4), cellOf("äöüß", 4)]).toEqual([
      "abc…",
      "ab  ",
      "äöüß",
    ]);
  });
});

describe("printTable", () => {
  const { isTTY, columns } = process.stdout;
  const rows = [{ id: "x".repeat(36), agent: "y".repeat(80) }];

  afterEach(() => {
    Object.assign(process.stdout, { isTTY, columns });
    vi.restoreAllMocks();
  });

  function printed(): string[] {
    const said = vi.spyOn(console, "log").mockImplementation(() => undefined);
    printTable(rows, "");
    return said.mock.calls.map(([line]) => String(line));
  }

  it("keeps within a terminal's width", () => {
    Object.assign(process.stdout, { isTTY: true, columns: 60 });
    const lines = printed();
    expect(Math.max(...lines.map((line) => line.length))).toBe(60);
    expect(lines[1]).toMatch(/^x{36} {2}y{21}…$/);
  });

  it("is whole in a pipe", () => {
    Object.assign(process.stdout, { isTTY: undefined, columns: undefined });
    expect(printed()[1]).toContain("y".repeat(80));
  });
});
