import { addressWith } from "@/app/admin/_console/address";

type FilterChipsProps = {
  path: string;
  /** All that the address says, but for the place in the list. */
  parameters: Record<string, string | undefined>;
  /** What has no field of its own, since only links lead to it, in words. */
  words: Record<string, string>;
};

/** What a link has narrowed a list to: it stays while one searches, and each can be taken away. */
export function FilterChips({ path, parameters, words }: FilterChipsProps) {
  const chosen = Object.keys(words).filter((name) => parameters[name]);
  if (chosen.length === 0) return null;
  return (
    <ul aria-label="Narrowed to" className="col-span-full flex flex-wrap gap-2 lg:!flex-none">
      {chosen.map((name) => (
        <li key={name}>
          <input type="hidden" name={name} value={parameters[name]} />
          <a
            href={addressWith(path, { ...parameters, [name]: undefined })}
            className="inline-flex min-h-11 items-center gap-2 rounded-full border border-line bg-surface px-3.5 text-sm hover:bg-sunken"
          >
            <span className="wrap-anywhere">
              {words[name]}: {parameters[name]}
            </span>
            <span aria-hidden="true">×</span>
            <span className="sr-only">, remove</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
