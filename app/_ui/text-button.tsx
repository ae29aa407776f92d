import type { ReactNode } from "react";

/** Submits its form and looks like a link: for the way out that few take. */
export function TextButton({ children }: { children: ReactNode }) {
  return (
    <button
      type="submit"
      className="min-h-11 cursor-pointer rounded-md px-3 text-sm font-medium text-accent-text underline underline-offset-4 hover:no-underline"
    >
      {children}
    </button>
  );
}
