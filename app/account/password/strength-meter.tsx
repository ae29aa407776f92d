import { useHydrated } from "@/app/_ui/use-hydrated";

type Level = { words: string; steps: number; fill: string };

const NOTHING: Level = { words: "", steps: 0, fill: "" };
const TOO_SHORT: Level = { words: "Too short so far", steps: 1, fill: "bg-danger" };
/** By zxcvbn's score, 0 to 4. */
const LEVELS: Level[] = [
  { words: "Very easy to guess", steps: 1, fill: "bg-danger" },
  { words: "Easy to guess", steps: 1, fill: "bg-danger" },
  { words: "Could be harder to guess", steps: 2, fill: "bg-warning" },
  { words: "Good: hard to guess", steps: 3, fill: "bg-success" },
  { words: "Strong: very hard to guess", steps: 4, fill: "bg-success" },
];
const STEPS = [1, 2, 3, 4];

type StrengthMeterProps = { length: number; least: number; score: number | null };

/** Keeps its place while it is empty; without JavaScript it stays so. */
export function StrengthMeter({ length, least, score }: StrengthMeterProps) {
  const level = levelOf(length, least, score);
  return (
    <div className={useHydrated() ? "space-y-1.5" : "invisible space-y-1.5"}>
      <div aria-hidden="true" className="grid grid-cols-4 gap-1">
        {STEPS.map((step) => (
          <span
            key={step}
            className={`h-1 rounded-full motion-safe:transition-colors ${step <= level.steps ? level.fill : "bg-line"}`}
          />
        ))}
      </div>
      <p role="status" className="min-h-5 text-sm text-muted">
        {level.words}
      </p>
    </div>
  );
}

function levelOf(length: number, least: number, score: number | null): Level {
  if (length === 0) return NOTHING;
  if (length < least) return TOO_SHORT;
  return (score !== null && LEVELS[score]) || NOTHING;
}
