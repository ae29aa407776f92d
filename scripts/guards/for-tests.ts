// What tests are made with stays with them.
import { type Entry, entryOf, wrong } from "./entry";
import { importsOf, withoutEnding } from "./imports";
import type { ParsedSource } from "./reads";

// What signs in whoever it likes is for tests, which no part of the app may bring in either.
const OF_TESTS = /^tests\/|\.test$/;

/** What part of the app brings in something of them. */
export function testingEntries(sources: readonly ParsedSource[]): Entry[] {
  const parts = sources.filter(({ path }) => !OF_TESTS.test(withoutEnding(path)));
  return parts.flatMap(({ path, statements }) => {
    const brought = importsOf(path, statements).filter(
      ({ from, isOurs }) => isOurs && OF_TESTS.test(withoutEnding(from)),
    );
    return brought.map(({ from }) =>
      entryOf("other", path, wrong(`brings in ${from}, which is for tests`, "Leave it out")),
    );
  });
}
