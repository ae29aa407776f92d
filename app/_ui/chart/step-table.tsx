import type { Step } from "@/app/_ui/chart/bars";
import { wholeNumber } from "@/app/_ui/stat";

/** One kind of thing that is counted over time. */
export interface Series {
  readonly name: string;
  readonly total: number;
  /** The class that colours it. */
  readonly fill: string;
}

type StepTableProps = { label: string; series: readonly Series[]; steps: readonly Step[] };

/** The numbers of a chart in words, for whoever cannot see a picture or wants them exactly. */
export function StepTable({ label, series, steps }: StepTableProps) {
  return (
    <details className="mt-3 text-sm">
      <summary className="inline-flex min-h-11 cursor-pointer items-center rounded-sm text-muted hover:text-ink pointer-fine:min-h-8">
        Show as a table
      </summary>
      <section
        aria-label={`${label}, as a table`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable
        tabIndex={0}
        className="mt-2 max-h-72 overflow-auto rounded-md border border-line"
      >
        <table className="w-full text-left tabular-nums">
          <caption className="sr-only">{label}</caption>
          <thead className="sticky top-0 bg-sunken text-xs text-muted">
            <tr>
              {["Time (UTC)", ...series.map(({ name }) => name)].map((name) => (
                <th key={name} scope="col" className="px-3 py-2 font-medium">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {steps.map(({ name, values }) => (
              <tr key={name}>
                <th scope="row" className="px-3 py-1.5 font-normal whitespace-nowrap">
                  {name}
                </th>
                {series.map((each, index) => (
                  <td key={each.name} className="px-3 py-1.5">
                    {wholeNumber(values[index] ?? 0)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
