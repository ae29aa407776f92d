import type { Command } from "commander";
import { importUser } from "@/lib/auth/import-users";
import { Problem } from "../program";
import type { Connection } from "./connection";
import { type ImportFile, readImportFile } from "./import-file";
import { ImportReport } from "./import-report";
import { printJson } from "./output";
import { tellProgress } from "./progress";

/** `users import` */
export function addUserImport(users: Command, connection: Connection): void {
  users
    .command("import <file>")
    .description("take over the users of a Django site, with their passwords (dumpdata auth.user)")
    .option("--json", "print one JSON document")
    .action(async (path: string, options: { json?: true }) => {
      const file = readImportFile(path);
      await connection.open();
      const report = await importAll(file, connection.stop);
      if (options.json) printJson(report);
      else report.print();
      const { refused } = report;
      if (refused.length > 0) throw new Problem(`${refused.length} user(s) could not be taken.`);
      if (connection.stop.aborted) throw new Problem("Stopped; run it again to go on.");
    });
}

// Each by itself: one that cannot be taken does not keep out the others.
async function importAll({ users, ignored }: ImportFile, stop: AbortSignal): Promise<ImportReport> {
  const report = new ImportReport(ignored);
  for (const [done, record] of users.entries()) {
    if (stop.aborted) break;
    if (done % 100 === 0) tellProgress(`${done} of ${users.length} users`);
    report.add(record, await importUser(record, new Date()));
  }
  tellProgress("");
  return report;
}
