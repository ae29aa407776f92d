import { accessSync, constants, statSync } from "node:fs";
import { type CommandUnknownOpts, InvalidArgumentError } from "@commander-js/extra-typings";
import { z } from "zod";
import { type Imported, type ImportWish, importUsers } from "@/lib/auth/import-users";
import { peopleAfter } from "@/lib/django/people";
import { ROLES, type Role } from "@/lib/roles";
import { Problem, reasonOf, tellProgress } from "../program";
import type { Connection } from "./connection";
import { type Besides, readDump } from "./dump";
import { printTable } from "./output";

type Pairs = Readonly<Record<string, string>>;

/** `users import` */
export function addUserImport(users: CommandUnknownOpts, connection: Connection): void {
  users
    .command("import")
    .argument("[file]", "what dumpdata wrote", readableFile)
    .description("take over the users of a Django site, with their passwords")
    .option("--table", "read DJANGO_USER_TABLE itself, at DJANGO_DATABASE_URL, instead of a file")
    .option("--model <name>", "the model of users in the file", "auth.user")
    .option("--map <field=theirs>", "what a field of auth.user is called there", pair, {})
    .option("--group <name=role>", "the role of whoever is in a group", rolePair, {})
    .option("--link <user>", "an account here that is theirs, by its user name", collect)
    .action(
      connection.does(async (file, { table, model, map, group, link }) => {
        const report = new ImportReport(group, map.username);
        const groupsOf = (key: unknown) => nameOfGroup(key, report.besides.groups);
        const wish = {
          fields: map,
          roleOfGroup: (key: unknown) => group[groupsOf(key)] ?? null,
          linked: new Set(link),
        };
        await importAll(source(), wish, report, connection.stop);
        return { json: report.json(), words: () => report.print(), fault: faultOf(report) };

        function source() {
          if (table) return readTable(Object.keys(group).length > 0);
          if (file === undefined)
            throw new Problem("Give the file that dumpdata wrote, or --table.");
          return readDump(file, model, report.besides);
        }
      }),
    );

  const faultOf = ({ refused }: ImportReport) => {
    if (refused.length > 0) return `${refused.length} user(s) could not be taken.`;
    return connection.stop.aborted ? "Stopped; run it again to go on." : "";
  };
}

const collect = (name: string, before: string[] = []) => [...before, name];

function pair(text: string, before: Pairs): Pairs {
  const [, ours, theirs] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (!ours || !theirs) throw new InvalidArgumentError("Give two names, such as username=email.");
  return { ...before, [ours]: theirs };
}

type Roles = Readonly<Record<string, Role>>;

function rolePair(text: string, before: Roles): Roles {
  const [[name = "", wanted] = []] = Object.entries(pair(text, {}));
  const role = ROLES.find((each) => each === wanted);
  if (!role) throw new InvalidArgumentError(`The roles are ${ROLES.join(", ")}.`);
  return { ...before, [name]: role };
}

// Before a database is asked.
function readableFile(path: string): string {
  try {
    accessSync(path, constants.R_OK);
  } catch (error) {
    throw new Problem(`${path} cannot be read: ${reasonOf(error)}`);
  }
  if (statSync(path).isDirectory()) throw new Problem(`${path} cannot be read: it is a folder.`);
  return path;
}

// A file has a group's key, or its name in a list (--natural-foreign); the table is asked for names.
function nameOfGroup(key: unknown, names: ReadonlyMap<unknown, string>): string {
  const [natural] = Array.isArray(key) ? key : [key];
  return names.get(key) ?? String(natural);
}

const BATCH = 500;

async function* readTable(withGroups: boolean) {
  for (let after: string | null = null; ; ) {
    const { records, last } = await peopleAfter(after, BATCH, withGroups);
    yield* records;
    if (last === null) return;
    after = last;
  }
}

async function importAll(
  source: AsyncIterable<unknown>,
  wish: ImportWish,
  report: ImportReport,
  stop: AbortSignal,
): Promise<void> {
  const begun = Date.now();
  let [waiting, done]: [unknown[], number] = [[], 0];
  const flush = async () => {
    const outcomes = await importUsers(waiting, new Date(), wish);
    for (const [index, record] of waiting.entries()) report.add(record, outcomes[index]);
    done += waiting.length;
    waiting = [];
    const seconds = Math.max(1, (Date.now() - begun) / 1000);
    tellProgress(`${done} users, ${Math.round(done / seconds)} a second`);
  };
  for await (const record of source) {
    if (stop.aborted) break;
    waiting.push(record);
    if (waiting.length === BATCH) await flush();
  }
  await flush();
  tellProgress("");
}

/** What a record is told by in the report, whatever it lacks. */
const Label = z
  .object({
    pk: z.union([z.number(), z.string()]).catch("-").transform(String),
    fields: z.record(z.string(), z.unknown()).catch({}),
  })
  .catch({ pk: "-", fields: {} });

/** What became of the users of a file. */
class ImportReport {
  taken = 0;
  alreadyThere = 0;
  /** Who signs in by another user name than in the file. */
  readonly renamed: { pk: string; from: string; to: string }[] = [];
  /** Whose password is none that could be checked, if any. */
  readonly withoutPassword: string[] = [];
  readonly refused: { pk: string; username: string; reason: string }[] = [];

  readonly besides: Besides = { ignored: {}, groups: new Map() };

  constructor(
    private readonly groups: Roles,
    private readonly usernameField = "username",
  ) {}

  add(record: unknown, imported: Imported | undefined): void {
    if (!imported) return;
    const { pk, fields } = Label.parse(record);
    const username = String(fields[this.usernameField] ?? "-");
    if ("fault" in imported) this.refused.push({ pk, username, reason: imported.fault });
    else if ("alreadyThere" in imported) this.alreadyThere += 1;
    else this.addTaken({ pk, from: username, to: imported.taken }, imported.hasPassword);
  }

  private addTaken(name: { pk: string; from: string; to: string }, hasPassword: boolean): void {
    this.taken += 1;
    if (name.from.includes("@")) this.renamed.push(name);
    if (!hasPassword) this.withoutPassword.push(name.to);
  }

  json() {
    const { taken, alreadyThere, renamed, withoutPassword, refused, besides } = this;
    const { ignored } = besides;
    return { ignored, taken, alreadyThere, renamed, withoutPassword, refused };
  }

  print(): void {
    const groups = Object.entries(this.groups).map(
      ([name, role]) => `, members of ${name} ${role}`,
    );
    console.log(`Superusers are admin, staff are staff${groups.join("")}; all others member.`);
    console.log(`Took ${this.taken} user(s); ${this.alreadyThere} were there already.`);
    for (const [model, count] of Object.entries(this.besides.ignored))
      console.log(`Ignored ${count} record(s) of ${model}.`);
    printSection("A user name has no @ here. These sign in by another, or by email:", this.renamed);
    const names = this.withoutPassword.map((username) => ({ username }));
    printSection("These have no password. Give them one: users set-password <user>", names);
    printSection("Not taken:", this.refused);
  }
}

const MOST_LISTED = 100;

function printSection(title: string, rows: readonly Record<string, string>[]): void {
  if (rows.length === 0) return;
  console.log(`\n${title}`);
  printTable(rows.slice(0, MOST_LISTED), "");
  const more = rows.length - MOST_LISTED;
  if (more > 0) console.log(`and ${more} more: --json has them all`);
}
