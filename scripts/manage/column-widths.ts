const GAP = 2;
const NARROWEST = 8;

/**
 * Widths that make a table fit into a line, taken from the widest columns. The first one is what
 * people copy: it is never cut. Where all others are narrow, lines stay too long.
 */
export function fittingWidths(wanted: readonly number[], lineWidth: number): number[] {
  const widths = [...wanted];
  const length = () => widths.reduce((sum, width) => sum + width + GAP, -GAP);
  while (length() > lineWidth) {
    const widest = Math.max(...widths.slice(1));
    if (widest <= NARROWEST) break;
    widths[widths.lastIndexOf(widest)] = widest - 1;
  }
  return widths;
}

/** A cell as wide as its column: padded, or cut with a mark that something is missing. */
export function cellOf(text: string, width: number): string {
  const letters = Array.from(text);
  if (letters.length > width) return `${letters.slice(0, width - 1).join("")}…`;
  return text + " ".repeat(width - letters.length);
}
