import { max, range, sum } from "d3-array";
import { scaleBand, scaleLinear } from "d3-scale";
import { stack } from "d3-shape";

/** One step of time: its name, what stands below it (or nothing), and a number for each series. */
export interface Step {
  readonly name: string;
  readonly tick: string | null;
  readonly values: readonly number[];
}

export interface Block {
  readonly series: number;
  readonly y: number;
  readonly height: number;
}

/** A stack of blocks; like everything here in percent of the plot, so that it fits any width. */
export interface Column {
  readonly step: Step;
  readonly x: number;
  readonly width: number;
  readonly blocks: readonly Block[];
}

export interface Line {
  readonly value: number;
  readonly y: number;
}

const LINES = 4;
// Room for the words above the highest line.
const TOP_PERCENT = 9;
// Room for the numbers of the lines, which no column may cover.
const LEFT_PERCENT = 10;

/** Where the columns and the lines behind them go. */
export function layOut(steps: readonly Step[]): { columns: Column[]; lines: Line[] } {
  const highest = max(steps, ({ values }) => sum(values)) ?? 0;
  const y = scaleLinear([0, Math.max(highest, LINES)], [100, TOP_PERCENT]).nice(LINES);
  const x = scaleBand(range(steps.length), [LEFT_PERCENT, 100]).padding(0.25);
  const series = range(steps[0]?.values.length ?? 0);
  const layers = stack<unknown, Step, number>()
    .keys(series)
    .value(({ values }, each) => values[each] ?? 0)([...steps]);
  const columns = steps.map((step, index) => {
    const blocks = series.map((each) => {
      const [from, to] = layers[each]?.[index] ?? [0, 0];
      return { series: each, y: y(to), height: y(from) - y(to) };
    });
    return { step, x: x(index) ?? 0, width: x.bandwidth(), blocks };
  });
  const lines = y.ticks(LINES).map((value) => ({ value, y: y(value) }));
  return { columns, lines };
}
