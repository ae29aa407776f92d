import type { ReactNode } from "react";

type CenteredColumnProps = { header: ReactNode; children: ReactNode };

/** One narrow column in the middle of the screen. */
export function CenteredColumn({ header, children }: CenteredColumnProps) {
  return (
    <div className="flex min-h-dvh flex-col items-center px-4 py-8 sm:pt-[14dvh] sm:pb-16">
      <header className="mb-6">{header}</header>
      <main className="w-full max-w-form">{children}</main>
    </div>
  );
}
