import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface Totals {
  readonly passed: number;
  readonly failed: number;
}

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
}

/** The sums over every report of vitest in a folder. */
export function totalsOf(folder: string): Totals {
  const reports = readdirSync(folder).map(
    (name): Report => JSON.parse(readFileSync(join(folder, name), "utf8")),
  );
  return {
    passed: reports.reduce((sum, report) => sum + report.numPassedTests, 0),
    failed: reports.reduce((sum, report) => sum + report.numFailedTests, 0),
  };
}
