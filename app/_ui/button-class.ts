export type ButtonVariant = "primary" | "secondary" | "danger";

const SHARED =
  "inline-flex min-h-11 cursor-pointer items-center justify-center rounded-md border px-4 py-2 " +
  "text-center text-sm font-medium shadow-control motion-safe:transition-colors " +
  "aria-disabled:cursor-default aria-disabled:opacity-70 disabled:cursor-default disabled:opacity-70";

const VARIANTS: Record<ButtonVariant, string> = {
  primary: "border-transparent bg-accent text-on-accent hover:bg-accent-hover",
  secondary: "border-line bg-surface text-ink hover:bg-sunken",
  danger: "border-transparent bg-danger-fill text-on-accent hover:bg-danger-fill-hover",
};

/** One look for buttons and for links that act like one. */
export function buttonClass(variant: ButtonVariant = "primary", extra = ""): string {
  return `${SHARED} ${VARIANTS[variant]} ${extra}`.trim();
}
