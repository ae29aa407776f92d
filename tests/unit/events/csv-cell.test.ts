import { describe, expect, test } from "vitest";
import { csvCell } from "@/app/admin/events/export/lines";

const STARTS = ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"];
const SEPARATORS = [",", ";", "\t", "|", "\n", "\r\n"];

/** The cells that a reader finds who splits at `separator` and pays quotes no heed. */
const cellsOf = (line: string, separator: string) =>
  line.split(separator).map((cell) => cell.replace(/^[" ]+/, ""));

describe("LG-6: a cell is no formula", () => {
  test.each(STARTS)("that begins with %j", (start) => {
    expect(csvCell(`${start}cmd()`).startsWith("\"'")).toBe(true);
  });

  test.each(SEPARATORS)("whose part after %j would be one", (separator) => {
    for (const start of STARTS)
      for (const between of ["", " ", '"', ' "', '" ']) {
        const cell = csvCell(`x${separator}${between}${start}cmd()`);
        for (const part of cellsOf(cell, separator))
          expect(part).not.toMatch(/^[=+\-@＝＋－＠\t\r]/);
      }
  });

  test("that is none is left as it is, quotes doubled", () => {
    const agent = 'Mozilla/5.0 (X11; Linux x86_64) a-b=c "d"';
    expect(csvCell(agent)).toBe(`"${agent.replaceAll('"', '""')}"`);
    expect([csvCell(7), csvCell(null)]).toEqual(['"7"', '""']);
  });
});
