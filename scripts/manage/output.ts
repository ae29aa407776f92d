import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { relativeTime } from "@/lib/time-words";
import { Problem } from "../program";

/** What a verb found or did. */
export interface Outcome {
  /** For programs. */
  readonly json: object;
  /** For people; without it they, too, are shown the JSON. */
  readonly words?: string | (() => void);
  /** Why it counts as failed all the same; nothing where it does not. */
  readonly fault?: string | undefined;
}

/**
 * The action of a verb that does `work`: prints its outcome, if `work` has not printed by itself.
 * Throws a Problem for its fault.
 */
export function printing<Given extends unknown[]>(
  work: (...given: Given) => Outcome | null | Promise<Outcome | null>,
) {
  return async function (this: CommandUnknownOpts, ...given: Given): Promise<void> {
    const outcome = await work(...given);
    if (!outcome) return;
    const { json, words, fault } = outcome;
    if (words === undefined || this.getOptionValue("json")) printJson(json);
    else if (typeof words === "string") console.log(words);
    else words();
    if (fault) throw new Problem(fault);
  };
}

type Cell = string | number | boolean | Date | null;

const GAP = "  ";

function printJson(document: object): void {
  console.log(JSON.stringify(document, null, 2));
}

/**
 * Prints rows under their names. On a terminal times are relative, and columns that do not fit
 * beside the others go on a second line: nothing is cut, since what is cut is what one looks for.
 * In a file or a pipe each row is one line with exact times.
 */
export function printTable(
  rows: readonly Record<string, Cell>[],
  whenEmpty: string,
  now = new Date(),
): void {
  const [first] = rows;
  if (!first) {
    console.log(whenEmpty);
    return;
  }
  const { isTTY, columns } = process.stdout;
  const names = Object.keys(first);
  const cellOf = (cell: Cell) => printable(isTTY && cell ? relative(cell, now) : cell);
  const table = [names, ...rows.map((row) => names.map((name) => cellOf(row[name] ?? null)))];
  const widths = names.map((_, column) => Math.max(...table.map((cells) => width(cells[column]))));
  const lines = linesOf(widths, (isTTY && columns) || Number.POSITIVE_INFINITY);
  for (const cells of table)
    for (const [place, line] of lines.entries()) {
      const padded = line.map((column) => pad(cells[column] ?? "", widths[column] ?? 0));
      console.log(`${place > 0 ? GAP : ""}${padded.join(GAP)}`.trimEnd());
    }
}

/** Prints facts, each on a line beside its name; the terminal itself breaks one that is too long. */
export function printFacts(facts: readonly (readonly [name: string, fact: Cell])[]): void {
  const nameWidth = Math.max(...facts.map(([name]) => width(name)));
  for (const [name, fact] of facts) console.log(`${pad(name, nameWidth)}${GAP}${printable(fact)}`);
}

/** Which columns stand on each line of a row, in their order; later lines are indented. */
export function linesOf(widths: readonly number[], lineWidth: number): number[][] {
  const lines: number[][] = [[]];
  let used = 0;
  for (const [column, width] of widths.entries()) {
    const last = lines.at(-1) ?? [];
    if (last.length > 0 && used + width > lineWidth) {
      lines.push([column]);
      used = GAP.length;
    } else last.push(column);
    used += width + GAP.length;
  }
  return lines;
}

/** A row on a line of its own, as wide as it is. */
export function lineOf(row: Record<string, Cell>): string {
  return Object.values(row).map(printable).join(GAP);
}

function relative(cell: Cell, now: Date): Cell {
  return cell instanceof Date ? relativeTime(cell, now) : cell;
}

function printable(cell: Cell): string {
  if (cell === null || cell === "") return "-";
  const text = cell instanceof Date ? cell.toISOString() : String(cell);
  // What others typed must not move the cursor of the terminal.
  return text.replace(/\p{C}/gu, " ");
}

function pad(text: string, columnWidth: number): string {
  return text + " ".repeat(columnWidth - width(text));
}

function width(text = ""): number {
  return Array.from(text).length;
}
