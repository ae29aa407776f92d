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
