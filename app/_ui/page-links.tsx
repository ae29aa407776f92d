import { buttonClass } from "@/app/_ui/button-class";

type PageLinksProps = { first: string | null; next: string | null };

/** The way through a list in pages: on, and back to where it starts. Each page is an address. */
export function PageLinks({ first, next }: PageLinksProps) {
  if (!first && !next) return null;
  return (
    <nav aria-label="Pages" className="mt-4 flex flex-wrap items-center justify-between gap-3">
      {first ? (
        <a href={first} className={buttonClass("secondary")}>
          Back to the start
        </a>
      ) : (
        <span />
      )}
      {next && (
        <a href={next} rel="next" className={buttonClass("secondary")}>
          Next page
        </a>
      )}
    </nav>
  );
}
