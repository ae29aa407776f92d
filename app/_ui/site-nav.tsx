import Link from "next/link";

export type NavItem = { readonly href: string; readonly label: string };

const ITEM =
  "inline-flex min-h-11 items-center rounded-md px-1.5 sm:px-3 text-sm font-medium whitespace-nowrap " +
  "text-muted hover:text-ink aria-[current]:bg-sunken aria-[current]:text-ink " +
  "pointer-fine:min-h-9";

/** In the header's row on wide screens; a row of its own, scrolled sideways, on narrow ones. */
export function SiteNav({ items, current }: { items: readonly NavItem[]; current: string }) {
  return (
    <nav
      aria-label="Main"
      className="order-last -mx-4 grow basis-full overflow-x-auto px-2 pt-1 pb-2 sm:order-none sm:mx-0 sm:grow-0 sm:basis-auto sm:p-1"
    >
      <ul className="flex sm:gap-1">
        {items.map(({ href, label }) => (
          <li key={href}>
            <Link href={href} className={ITEM} aria-current={href === current ? "page" : undefined}>
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
