import { type ReactNode, useId } from "react";

type CardProps = { title?: string; aside?: ReactNode; children: ReactNode };

/** A sheet on the canvas; with a title it is a named region. */
export function Card({ title, aside, children }: CardProps) {
  const headingId = useId();
  return (
    <section
      aria-labelledby={title && headingId}
      className="rounded-lg border border-line bg-surface shadow-card"
    >
      {title && (
        <header className="flex flex-wrap items-center justify-between gap-3 border-b border-line px-5 py-4 sm:px-6">
          <h2 id={headingId} className="text-base font-semibold">
            {title}
          </h2>
          {aside}
        </header>
      )}
      <div className="px-5 py-5 sm:px-6">{children}</div>
    </section>
  );
}
