import type { Count } from "@/lib/db/inspect";

/** What is counted: "user" and "users". */
export interface Counted {
  readonly one: string;
  readonly many: string;
}

/** A total as one says it: "1 user", "12 users", "about 1,200 users". */
export function totalWords({ count, isEstimated }: Count, { one, many }: Counted): string {
  const words = `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
  return isEstimated ? `about ${words}` : words;
}

interface FoundList {
  readonly rows: number;
  /** Whether these are all that fit. */
  readonly isWhole: boolean;
  readonly isFiltered: boolean;
}

/** How many a list has, where that is known: all of them, or all that fit. Null in the midst of more. */
export async function listTotal(
  { rows, isWhole, isFiltered }: FoundList,
  countAll: () => Promise<Count>,
  counted: Counted,
): Promise<string | null> {
  if (!isFiltered) return totalWords(await countAll(), counted);
  return isWhole ? totalWords({ count: rows, isEstimated: false }, counted) : null;
}
