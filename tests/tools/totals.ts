import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface Totals {
  readonly passed: number;
  readonly failed: number;
}

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly success: boolean;
}

/** The sums over every report of vitest in a folder. */
export function totalsOf(folder: string): Totals {
  const reports = readdirSync(folder).map(
    (name): Report => JSON.parse(readFileSync(join(folder, name), "utf8")),
  );
  return {
    passed: reports.reduce((sum, report) => sum + report.numPassedTests, 0),
    failed: reports.reduce((sum, report) => sum + failures(report), 0),
  };
}

// A file whose set-up broke has no failed test to count, and is a failure all the same.
function failures({ numFailedTests, success }: Report): number {
  return success ? numFailedTests : Math.max(numFailedTests, 1);
}
