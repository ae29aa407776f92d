import type { ReactNode } from "react";
import { wholeNumber } from "@/app/_ui/stat";

export interface Share {
  readonly name: string;
  readonly count: number;
  readonly href?: string;
}

type ShareBarsProps = { label: string; unit: string; shares: readonly Share[]; empty: ReactNode };

/** How many of each, as a table whose bars are drawn behind its numbers. */
export function ShareBars({ label, unit, shares, empty }: ShareBarsProps) {
  const most = Math.max(...shares.map(({ count }) => count), 1);
  if (shares.length === 0) return <p className="text-sm text-muted">{empty}</p>;
  return (
    <table className="w-full table-fixed text-sm">
      <caption className="sr-only">{label}</caption>
      <colgroup>
        <col />
        <col className="w-20" />
      </colgroup>
      <thead className="text-xs text-muted">
        <tr>
          <th scope="col" className="pb-1 text-left font-medium">
            {label}
          </th>
          <th scope="col" className="pb-1 text-right font-medium">
            {unit}
          </th>
        </tr>
      </thead>
      <tbody>
        {shares.map(({ name, count, href }) => (
          <tr key={name}>
            <th scope="row" className="py-1.5 pr-3 text-left font-normal">
              <span className="block truncate">
                {href ? <ShareLink href={href}>{name}</ShareLink> : name}
              </span>
              <svg aria-hidden="true" className="mt-1 h-1.5 w-full">
                <rect width="100%" height="100%" rx="3" className="fill-sunken" />
                <rect
                  width={`${(100 * count) / most}%`}
                  height="100%"
                  rx="3"
                  className="fill-accent"
                />
              </svg>
            </th>
            <td className="py-1.5 text-right align-top font-medium tabular-nums">
              {wholeNumber(count)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ShareLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a
      href={href}
      className="inline-flex min-h-11 items-center rounded-sm text-accent-text underline-offset-4 hover:underline pointer-fine:min-h-0"
    >
      {children}
    </a>
  );
}
