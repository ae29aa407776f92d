import { type Column, layOut, type Step } from "@/app/_ui/chart/bars";
import { type Series, StepTable } from "@/app/_ui/chart/step-table";
import { wholeNumber } from "@/app/_ui/stat";

// "20K": beside the columns there is no room for more.
const short = new Intl.NumberFormat("en", { notation: "compact" });
// Further right the middle of a word would leave no room for its end.
const ROOM_PERCENT = 93;

type StackedBarsProps = { label: string; series: readonly Series[]; steps: readonly Step[] };

/** Drawn on the server, in percent: it fits any width without a script, and its words keep their size. */
export function StackedBars({ label, series, steps }: StackedBarsProps) {
  const { columns, lines } = layOut(steps);
  const wordsOf = ({ step }: Column) =>
    `${step.name}: ${series.map(({ name }, each) => `${wholeNumber(step.values[each] ?? 0)} ${name.toLowerCase()}`).join(", ")}`;
  return (
    <figure>
      <Legend series={series} />
      <svg role="img" aria-label={label} className="mt-3 h-44 w-full">
        <g className="fill-muted stroke-line">
          {lines.map(({ value, y }) => (
            <g key={value}>
              <line x1="0" x2="100%" y1={`${y}%`} y2={`${y}%`} />
              <text x="0" y={`${y}%`} dy="-4" className="stroke-none text-xs tabular-nums">
                {value > 0 && short.format(value)}
              </text>
            </g>
          ))}
        </g>
        {columns.map((column) => (
          <Bar key={column.step.name} column={column} series={series} words={wordsOf(column)} />
        ))}
      </svg>
      <svg aria-hidden="true" className="h-5 w-full fill-muted text-xs">
        {columns.map(
          ({ step, x, width }) =>
            step.tick &&
            x + width / 2 <= ROOM_PERCENT && (
              <text key={step.name} x={`${x + width / 2}%`} y="15" textAnchor="middle">
                {step.tick}
              </text>
            ),
        )}
      </svg>
      <StepTable label={label} series={series} steps={steps} />
    </figure>
  );
}

type BarProps = { column: Column; series: readonly Series[]; words: string };

// The whole height answers to the pointer, so that a low bar can be asked as well.
function Bar({ column: { x, width, blocks }, series, words }: BarProps) {
  const place = { x: `${x}%`, width: `${width}%` };
  return (
    <g className="group">
      <title>{words}</title>
      <rect
        {...place}
        y="0"
        height="100%"
        rx="2"
        className="fill-transparent group-hover:fill-sunken"
      />
      {blocks.map(
        (block) =>
          block.height > 0 && (
            <rect
              key={block.series}
              {...place}
              y={`${block.y}%`}
              height={`${block.height}%`}
              className={series[block.series]?.fill}
            />
          ),
      )}
    </g>
  );
}

function Legend({ series }: { series: readonly Series[] }) {
  return (
    <ul className="flex flex-wrap gap-x-5 gap-y-1 text-sm text-muted">
      {series.map(({ name, fill, total }) => (
        <li key={name} className="flex items-center gap-2">
          <svg viewBox="0 0 10 10" className="size-2.5" aria-hidden="true">
            <rect width="10" height="10" rx="2.5" className={fill} />
          </svg>
          {name} <span className="font-medium text-ink tabular-nums">{wholeNumber(total)}</span>
        </li>
      ))}
    </ul>
  );
}
