import { useHydrated } from "@/app/_ui/use-hydrated";
import type { Level } from "@/app/account/password/strength-level";

const STEPS = [1, 2, 3, 4];

/** Keeps its place while it is empty; without JavaScript it stays so. */
export function StrengthMeter({ words, steps, fill }: Level) {
  return (
    <div className={useHydrated() ? "space-y-1.5" : "invisible space-y-1.5"}>
      <div aria-hidden="true" className="grid grid-cols-4 gap-1">
        {STEPS.map((step) => (
          <span
            key={step}
            className={`h-1 rounded-full motion-safe:transition-colors ${step <= steps ? fill : "bg-line"}`}
          />
        ))}
      </div>
      <p role="status" className="min-h-5 text-sm text-muted">
        {words}
      </p>
    </div>
  );
}
