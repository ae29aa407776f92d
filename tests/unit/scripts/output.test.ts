import { afterEach, describe, expect, it, vi } from "vitest";
import { linesOf, printTable } from "@/scripts/manage/output";

describe("columns on lines that fit the terminal", () => {
  it("stay on one where they fit", () => {
    expect(linesOf([10, 20, 30], 64)).toEqual([[0, 1, 2]]);
  });

  it("go on with the next line, in their order, where they do not", () => {
    expect(linesOf([10, 20, 30], 63)).toEqual([[0, 1], [2]]);
    expect(linesOf([36, 20, 9, 30, 40], 80)).toEqual([
      [0, 1, 2],
      [3, 4],
    ]);
  });

  it("have a line of their own where they are wider than the terminal", () => {
    expect(linesOf([10, 200, 10], 80)).toEqual([[0], [1], [2]]);
  });
});

describe("printTable", () => {
  const { isTTY, columns } = process.stdout;
  const now = new Date("2026-01-02T12:00:00.000Z");
  const rows = [
    { id: "x".repeat(36), at: new Date(now.getTime() - 180_000), why: `Ended ${"y".repeat(40)}` },
  ];

  afterEach(() => {
    Object.assign(process.stdout, { isTTY, columns });
    vi.restoreAllMocks();
  });

  function printed(): string[] {
    const said = vi.spyOn(console, "log").mockImplementation(() => undefined);
    printTable(rows, "", now);
    return said.mock.calls.map(([line]) => String(line));
  }

  it("keeps within a terminal's width, cuts nothing, and says how long ago", () => {
    Object.assign(process.stdout, { isTTY: true, columns: 60 });
    expect(printed()).toEqual([
      `id${" ".repeat(36)}at`,
      "  why",
      `${"x".repeat(36)}  3 minutes ago`,
      `  Ended ${"y".repeat(40)}`,
    ]);
  });

  it("is a line a row in a pipe, with exact times", () => {
    Object.assign(process.stdout, { isTTY: undefined, columns: undefined });
    const [, row] = printed();
    expect(row).toBe(`${"x".repeat(36)}  2026-01-02T11:57:00.000Z  Ended ${"y".repeat(40)}`);
  });
});
