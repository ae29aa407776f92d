import type { ReactNode } from "react";
import { TONE_CLASS, type Tone } from "@/app/_ui/tone";

export function Badge({ tone = "neutral", children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={`inline-flex items-center rounded-full border px-2 py-px text-xs font-medium ${TONE_CLASS[tone]}`}
    >
      {children}
    </span>
  );
}
