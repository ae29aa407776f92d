type Cell = string | number | boolean | Date | null;

/** Prints one JSON document. */
export function printJson(document: unknown): void {
  console.log(JSON.stringify(document, null, 2));
}

/** Prints rows under their names, in columns as wide as their widest cell. */
export function printTable(rows: readonly Record<string, Cell>[], whenEmpty: string): void {
  const [first] = rows;
  if (!first) {
    console.log(whenEmpty);
    return;
  }
  const names = Object.keys(first);
  const lines = [names, ...rows.map((row) => names.map((name) => words(row[name] ?? null)))];
  const widths = names.map((_, column) => Math.max(...lines.map((line) => width(line[column]))));
  for (const line of lines)
    console.log(
      line
        .map((cell, column) => pad(cell, widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    );
}

function words(cell: Cell): string {
  if (cell === null || cell === "") return "-";
  const text = cell instanceof Date ? cell.toISOString() : String(cell);
  // What others typed must not move the cursor of the terminal.
  return text.replace(/\p{C}/gu, " ");
}

function pad(text: string, to: number): string {
  return text + " ".repeat(Math.max(to - width(text), 0));
}

function width(text = ""): number {
  return Array.from(text).length;
}
