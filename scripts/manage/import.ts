import { readFileSync } from "node:fs";
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { z } from "zod";
import { type Imported, importUser } from "@/lib/auth/import-users";
import { Problem, reasonOf, tellProgress } from "../program";
import type { Connection } from "./connection";
import { printTable } from "./output";

/** `users import` */
export function addUserImport(users: CommandUnknownOpts, connection: Connection): void {
  users
    .command("import")
    .argument("<file>", "what dumpdata wrote", readImportFile)
    .description("take over the users of a Django site, with their passwords (dumpdata auth.user)")
    .option(
      "--link <user>",
      "an account here that is the one of the file, by its user name",
      collect,
    )
    .action(
      connection.does(async (file, { link }) => {
        const report = await importAll(file, new Set(link), connection.stop);
        const { length } = report.refused;
        const stopped = connection.stop.aborted ? "Stopped; run it again to go on." : "";
        const fault = length > 0 ? `${length} user(s) could not be taken.` : stopped;
        return { json: report, words: () => report.print(), fault };
      }),
    );
}

const collect = (name: string, before: string[] = []) => [...before, name];

// Each by itself: one that cannot be taken does not keep out the others.
async function importAll(
  { users, ignored }: ImportFile,
  linked: ReadonlySet<string>,
  stop: AbortSignal,
): Promise<ImportReport> {
  const report = new ImportReport(ignored);
  for (const [done, record] of users.entries()) {
    if (stop.aborted) break;
    if (done % 100 === 0) tellProgress(`${done} of ${users.length} users`);
    report.add(record, await importUser(record, new Date(), linked));
  }
  tellProgress("");
  return report;
}

const USERS = "auth.user";
const Records = z.array(z.looseObject({ model: z.string() }));

interface ImportFile {
  readonly users: readonly unknown[];
  /** How many records of each other model there are. */
  readonly ignored: Readonly<Record<string, number>>;
}

/** The users in a file that Django's `dumpdata` wrote. Throws a Problem for any other file. */
export function readImportFile(path: string): ImportFile {
  const read = Records.safeParse(parsed(path));
  if (!read.success) throw new Problem(`${path} holds no list of Django's records. ${MAKE_ONE}`);
  const users = read.data.filter(({ model }) => model === USERS);
  const ignored: Record<string, number> = {};
  for (const { model } of read.data)
    if (model !== USERS) ignored[model] = (ignored[model] ?? 0) + 1;
  if (users.length === 0) throw new Problem(`${path} holds no ${USERS}. ${MAKE_ONE}`);
  return { users, ignored };
}

const MAKE_ONE = `Make it with: python manage.py dumpdata ${USERS} > users.json`;

function parsed(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) throw new Problem(`${path} is not JSON. ${MAKE_ONE}`);
    throw new Problem(`${path} cannot be read: ${reasonOf(error)}`);
  }
}

/** What a record is told by in the report, whatever it lacks. */
const Label = z
  .object({
    pk: z.union([z.number(), z.string()]).catch("-"),
    fields: z.object({ username: z.string().catch("-") }).catch({ username: "-" }),
  })
  .transform(({ pk, fields }) => ({ pk: String(pk), username: fields.username }));

/** What became of the users of a file. */
class ImportReport {
  taken = 0;
  alreadyThere = 0;
  /** Who signs in by another user name than in the file. */
  readonly renamed: { pk: string; from: string; to: string }[] = [];
  /** Whose password is none that could be checked, if any. */
  readonly withoutPassword: string[] = [];
  readonly refused: { pk: string; username: string; reason: string }[] = [];

  constructor(readonly ignored: Readonly<Record<string, number>>) {}

  add(record: unknown, imported: Imported): void {
    const { pk, username } = Label.parse(record);
    if ("fault" in imported) this.refused.push({ pk, username, reason: imported.fault });
    else if ("alreadyThere" in imported) this.alreadyThere += 1;
    else this.addTaken({ pk, from: username, to: imported.taken }, imported.hasPassword);
  }

  private addTaken(name: { pk: string; from: string; to: string }, hasPassword: boolean): void {
    this.taken += 1;
    if (name.from.includes("@")) this.renamed.push(name);
    if (!hasPassword) this.withoutPassword.push(name.to);
  }

  print(): void {
    console.log(`Took ${this.taken} user(s); ${this.alreadyThere} were there already.`);
    for (const [model, count] of Object.entries(this.ignored))
      console.log(`Ignored ${count} record(s) of ${model}.`);
    printSection("A user name has no @ here. These sign in by another, or by email:", this.renamed);
    const names = this.withoutPassword.map((username) => ({ username }));
    printSection("These have no password. Give them one: users set-password <user>", names);
    printSection("Not taken:", this.refused);
  }
}

function printSection(title: string, rows: readonly Record<string, string>[]): void {
  if (rows.length === 0) return;
  console.log(`\n${title}`);
  printTable(rows, "");
}
