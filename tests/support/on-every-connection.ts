import { settings } from "@/lib/env";

/**
 * Does all of it in its order, as much at once as there are connections: what would wait for one
 * longer than a request may is given up, on a machine that is busy.
 */
export async function onEveryConnection<T>(works: readonly (() => Promise<T>)[]): Promise<T[]> {
  const outcomes: T[] = [];
  const waiting = works.entries();
  const work = async () => {
    for (const [place, each] of waiting) outcomes[place] = await each();
  };
  await Promise.all(Array.from({ length: settings().DATABASE_POOL_SIZE }, work));
  return outcomes;
}
