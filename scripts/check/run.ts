import { pingDatabase } from "@/lib/db/health";
import { explain } from "../explain";
import { always, type Check, type Finding, fault, type Subject, well } from "./check";
import { SEALED_FACTORS } from "./factors";
import { GRANT_CHECKS } from "./grants";
import { MAIL_SETTING, OUTBOX } from "./mail";
import { PACKAGE_CHECKS } from "./packages";
import { QUERY_CHECKS } from "./queries";
import { ROW_CHECKS } from "./rows";
import { CONNECTION_CHECKS, SERVER_CHECKS } from "./server";
import { SETTING_CHECKS } from "./settings";
import { TABLE_CHECKS } from "./tables";

/** What the settings and the installed packages tell, without a database. */
export const WITHOUT_DATABASE: readonly Check[] = [
  ...SETTING_CHECKS,
  MAIL_SETTING,
  ...PACKAGE_CHECKS,
];

/** What the database tells; in this order, since later ones need what earlier ones look for. */
export const WITH_DATABASE: readonly Check[] = [
  ...SERVER_CHECKS,
  ...GRANT_CHECKS,
  ...CONNECTION_CHECKS,
  ...TABLE_CHECKS,
  ...QUERY_CHECKS,
  ...ROW_CHECKS,
  OUTBOX,
  SEALED_FACTORS,
];

/** A check with what it found. */
export interface Result {
  readonly id: string;
  readonly title: string;
  readonly finding: Finding;
}

/** The id of every check. */
export function checkIds(): string[] {
  return [REACHABLE, ...WITHOUT_DATABASE, ...WITH_DATABASE].map(({ id }) => id);
}

/**
 * Runs the checks, one after another: all for a deployment, else those that must hold while somebody
 * develops, too. Where the database is away, what asks it is left out.
 */
export async function runChecks(subject: Subject, isDeploy: boolean): Promise<Result[]> {
  const results: Result[] = [];
  for (const check of [...WITHOUT_DATABASE, REACHABLE, ...WITH_DATABASE]) {
    if (!isDeploy && !check.isAlways) continue;
    const finding = await findingOf(check, subject);
    results.push({ id: check.id, title: check.title, finding });
    if (check === REACHABLE && !finding.ok) break;
  }
  return results;
}

const REACHABLE = always("database", "the database answers", async () => {
  await pingDatabase();
  return well("yes");
});

// A check that cannot be made tells nothing good.
async function findingOf(check: Check, subject: Subject): Promise<Finding> {
  try {
    return await check.run(subject);
  } catch (error) {
    return fault(explain(error), "mend that, and check again");
  }
}
