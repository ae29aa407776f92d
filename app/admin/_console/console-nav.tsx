const SECTIONS = [
  { href: "/admin", label: "Overview" },
  { href: "/admin/sessions", label: "Sessions" },
  { href: "/admin/users", label: "Users" },
  { href: "/admin/events", label: "Events" },
  { href: "/admin/mail", label: "Mail" },
  { href: "/admin/policy", label: "Policy" },
];

/** Plain links: each leads to a page that is made anew, and that is what one comes for. */
export function ConsoleNav({ current }: { current: string }) {
  return (
    <nav aria-label="Console" className="-mt-4 mb-8 border-b border-line">
      <ul className="flex flex-wrap gap-x-1">
        {SECTIONS.map(({ href, label }) => (
          <li key={href}>
            <a
              href={href}
              aria-current={href === current ? "page" : undefined}
              className="-mb-px inline-flex min-h-11 items-center border-b-2 border-transparent px-3 text-sm font-medium text-muted -outline-offset-2 hover:text-ink aria-[current]:border-accent-text aria-[current]:text-ink"
            >
              {label}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
