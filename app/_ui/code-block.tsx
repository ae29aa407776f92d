/** Scrolls by itself on narrow screens; focusable, so that the keyboard can scroll it too. */
export function CodeBlock({ label, children }: { label: string; children: string }) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable
      tabIndex={0}
      className="overflow-x-auto rounded-md border border-line bg-sunken px-3.5 py-3"
    >
      <pre className="font-mono text-xs">
        <code>{children}</code>
      </pre>
    </section>
  );
}
