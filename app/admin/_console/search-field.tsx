import { TextField } from "@/app/_ui/text-field";

type SearchFieldProps = { label: string; placeholder: string; typed: string | undefined };

/** The one box of a list, which takes whatever somebody has at hand. */
export function SearchField({ typed, ...words }: SearchFieldProps) {
  return (
    <div className="col-span-full">
      <TextField {...words} type="search" name="q" defaultValue={typed} autoComplete="off" />
    </div>
  );
}
