import type { ReactNode } from "react";

const whole = new Intl.NumberFormat("en");

/** "12,345". */
export function wholeNumber(count: number): string {
  return whole.format(count);
}

type StatProps = { label: string; value: number; href?: string; children?: ReactNode };

/** One number that is looked at first; with an address it leads to what it counts. */
export function Stat({ label, value, href, children }: StatProps) {
  return (
    <div className="relative rounded-lg border border-line bg-surface px-5 py-4 shadow-card">
      <dt className="text-sm text-muted">
        {href ? (
          <a href={href} className="rounded-sm after:absolute after:inset-0 hover:text-ink">
            {label}
          </a>
        ) : (
          label
        )}
      </dt>
      <dd className="mt-1 text-2xl font-semibold tabular-nums">{wholeNumber(value)}</dd>
      {children && <dd className="mt-0.5 text-sm text-muted">{children}</dd>}
    </div>
  );
}
