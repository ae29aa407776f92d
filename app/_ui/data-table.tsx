import type { ReactNode } from "react";

type DataTableProps = { label: string; head: ReactNode; children: ReactNode };

// What a finger has to hit is 44 px high.
const FINGER =
  "pointer-coarse:[&_a]:inline-flex pointer-coarse:[&_a]:min-h-11 pointer-coarse:[&_a]:items-center";

/**
 * A table with a name. On narrow screens columns that can be spared are hidden (`WIDE`), and what
 * is still too wide scrolls within its own region, which the keyboard can reach.
 */
export function DataTable({ label, head, children }: DataTableProps) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable
      tabIndex={0}
      className="relative overflow-x-auto rounded-lg border border-line bg-surface shadow-card"
    >
      <table className={`w-full border-collapse text-left text-sm ${FINGER}`}>
        <caption className="sr-only">{label}</caption>
        <thead className="border-b border-line bg-sunken text-xs text-muted">
          <tr>{head}</tr>
        </thead>
        <tbody className="divide-y divide-line">{children}</tbody>
      </table>
    </section>
  );
}

/** A cell that narrow screens can spare: its content has to stand in another cell there. */
export const WIDE = "hidden md:table-cell";

type CellProps = { className?: string; children?: ReactNode };

export function HeadCell({ className = "", children }: CellProps) {
  return (
    <th scope="col" className={`px-4 py-2.5 font-medium whitespace-nowrap sm:px-5 ${className}`}>
      {children}
    </th>
  );
}

export function Cell({ className = "", children }: CellProps) {
  return <td className={`px-4 py-3 align-top sm:px-5 ${className}`}>{children}</td>;
}
