import { redirect } from "next/navigation";
import { BadCursor } from "@/lib/cursor";

/** A page of a list; whose cursor is none of that list is led to its first page. */
export async function firstPageIfBadCursor<Page>(
  first: string,
  page: Promise<Page>,
): Promise<Page> {
  return page.catch((error) => {
    if (error instanceof BadCursor) redirect(first);
    throw error;
  });
}
