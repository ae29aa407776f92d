import { EmptyState } from "@/app/_ui/empty-state";

type NothingFoundProps = { title: string; isFiltered: boolean; goesOn: boolean };

/** Where a list would be: a page that was narrowed to something rare may be empty and not the last. */
export function NothingFound({ title, isFiltered, goesOn }: NothingFoundProps) {
  if (goesOn)
    return <EmptyState title="Nothing so far">The list goes on: see the next page.</EmptyState>;
  return (
    <EmptyState title={title}>{isFiltered && "Look for less, or clear the filters."}</EmptyState>
  );
}
