export type DeviceKind = "phone" | "tablet" | "desktop" | "program";

const SHAPES: Record<DeviceKind, string> = {
  phone:
    "M7 2.75h6a1.5 1.5 0 0 1 1.5 1.5v11.5a1.5 1.5 0 0 1-1.5 1.5H7a1.5 1.5 0 0 1-1.5-1.5V4.25A1.5 1.5 0 0 1 7 2.75Z M9 14.75h2",
  tablet:
    "M5 2.75h10a1.5 1.5 0 0 1 1.5 1.5v11.5a1.5 1.5 0 0 1-1.5 1.5H5a1.5 1.5 0 0 1-1.5-1.5V4.25A1.5 1.5 0 0 1 5 2.75Z M9 14.75h2",
  desktop:
    "M4.25 3.75h11.5a1.5 1.5 0 0 1 1.5 1.5v6a1.5 1.5 0 0 1-1.5 1.5H4.25a1.5 1.5 0 0 1-1.5-1.5v-6a1.5 1.5 0 0 1 1.5-1.5Z M7 16.25h6 M10 12.75v3.5",
  program:
    "M4.25 3.75h11.5a1.5 1.5 0 0 1 1.5 1.5v9.5a1.5 1.5 0 0 1-1.5 1.5H4.25a1.5 1.5 0 0 1-1.5-1.5v-9.5a1.5 1.5 0 0 1 1.5-1.5Z M5.75 7.5l2.5 2.25-2.5 2.25 M10 12.25h3.5",
};

/** Beside words that say the same. */
export function DeviceIcon({ kind }: { kind: DeviceKind }) {
  return (
    <svg
      viewBox="0 0 20 20"
      className="size-5 shrink-0 text-muted"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={SHAPES[kind]} />
    </svg>
  );
}
