import { BrandMark } from "@/app/_ui/brand-mark";
import { siteName } from "@/lib/site-name";

/** A plain link: it stands on every page, most of which need no `next/link` otherwise. */
export function Brand() {
  return (
    <a
      href="/"
      className="inline-flex min-h-11 items-center gap-2.5 rounded-md text-base font-semibold tracking-tight text-ink"
    >
      <BrandMark />
      {siteName()}
    </a>
  );
}
