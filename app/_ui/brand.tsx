"use client";

import { useSiteName } from "@/app/_ui/site-name";
import { BRAND } from "@/lib/brand";

export function BrandMark({ className = "size-7" }: { className?: string }) {
  return (
    <svg viewBox="0 0 28 28" className={className} aria-hidden="true">
      <rect width="28" height="28" rx="7" className="fill-accent" />
      <g className="fill-none stroke-on-accent" strokeWidth="2" strokeLinecap="round">
        {BRAND.markLines.map((line) => (
          <path key={line} d={line} />
        ))}
      </g>
    </svg>
  );
}

/** A plain link: the error pages show it too, and would load `next/link` into every page for it. */
export function Brand() {
  return (
    <a
      href="/"
      className="inline-flex min-h-11 items-center gap-2.5 rounded-md text-base font-semibold tracking-tight text-ink"
    >
      <BrandMark />
      {useSiteName()}
    </a>
  );
}
