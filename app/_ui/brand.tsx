export function BrandMark({ className = "size-7" }: { className?: string }) {
  return (
    <svg viewBox="0 0 28 28" className={className} aria-hidden="true">
      <rect width="28" height="28" rx="7" className="fill-accent" />
      <g className="fill-none stroke-on-accent" strokeWidth="2" strokeLinecap="round">
        <path d="M7.5 21v-7a6.5 6.5 0 0 1 13 0v7" />
        <path d="M12 21v-6.5a2 2 0 0 1 4 0V21" />
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
      Gatehouse
    </a>
  );
}
