import { cellOf, fittingWidths } from "./column-widths";

type Cell = string | number | boolean | Date | null;

/** Prints one JSON document. */
export function printJson(document: unknown): void {
  console.log(JSON.stringify(document, null, 2));
}

/** Prints rows under their names, in columns as wide as their widest cell that fit a terminal. */
export function printTable(rows: readonly Record<string, Cell>[], whenEmpty: string): void {
  const [first] = rows;
  if (!first) {
    console.log(whenEmpty);
    return;
  }
  const names = Object.keys(first);
  const lines = [names, ...rows.map((row) => names.map((name) => words(row[name] ?? null)))];
  const wanted = names.map((_, column) => Math.max(...lines.map((line) => width(line[column]))));
  // What goes into a file or a pipe is whole.
  const { isTTY, columns } = process.stdout;
  const widths = fittingWidths(wanted, isTTY ? columns : Number.POSITIVE_INFINITY);
  for (const line of lines) {
    const cells = line.map((cell, column) => cellOf(cell, widths[column] ?? 0));
    console.log(cells.join("  ").trimEnd());
  }
}

/** A row on a line of its own, as wide as it is. */
export function lineOf(row: Record<string, Cell>): string {
  return Object.values(row).map(words).join("  ");
}

function words(cell: Cell): string {
  if (cell === null || cell === "") return "-";
  const text = cell instanceof Date ? cell.toISOString() : String(cell);
  // What others typed must not move the cursor of the terminal.
  return text.replace(/\p{C}/gu, " ");
}

function width(text = ""): number {
  return Array.from(text).length;
}
