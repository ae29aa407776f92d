import type { ReactNode } from "react";

const whole = new Intl.NumberFormat("en");

/** "12,345". */
export function wholeNumber(count: number): string {
  return whole.format(count);
}

const rough = new Intl.NumberFormat("en", { maximumSignificantDigits: 2 });

/** "12,345", or "about 12,000". */
export function countWords({ count, isEstimated }: Count): string {
  return isEstimated ? `about ${rough.format(count)}` : wholeNumber(count);
}

type Count = { readonly count: number; readonly isEstimated: boolean };
type StatProps = { label: string; value: number | Count; href?: string; children?: ReactNode };

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
      <dd className="mt-1 text-2xl font-semibold tabular-nums">
        {typeof value === "number" ? wholeNumber(value) : countWords(value)}
      </dd>
      {children && <dd className="mt-0.5 text-sm text-muted">{children}</dd>}
    </div>
  );
}
