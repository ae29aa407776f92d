import type { Tone } from "@/app/_ui/tone";

const CIRCLE = "M10 2.75a7.25 7.25 0 1 0 0 14.5 7.25 7.25 0 0 0 0-14.5Z";
const SHAPES: Record<Tone, string> = {
  neutral: `${CIRCLE} M10 9.25v4 M10 6.5v.25`,
  info: `${CIRCLE} M10 9.25v4 M10 6.5v.25`,
  success: `${CIRCLE} M6.75 10.25l2.25 2.25 4.25-4.75`,
  warning: "M10 3 17.5 16.25h-15Z M10 8v3.75 M10 13.75v.25",
  danger: `${CIRCLE} M10 6.5v4 M10 13.25v.25`,
};

export function NoticeIcon({ tone }: { tone: Tone }) {
  return (
    <svg
      viewBox="0 0 20 20"
      className="size-5 shrink-0"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={SHAPES[tone]} />
    </svg>
  );
}
