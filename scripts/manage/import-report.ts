import { z } from "zod";
import type { Imported } from "@/lib/auth/import-users";
import { printTable } from "./output";

const Label = z.object({
  pk: z.union([z.number(), z.string()]).catch("-"),
  fields: z.object({ username: z.string().catch("-") }).catch({ username: "-" }),
});

/** What became of the users of a file. */
export class ImportReport {
  taken = 0;
  alreadyThere = 0;
  /** Who signs in by another user name than in the file. */
  readonly renamed: { pk: string; from: string; to: string }[] = [];
  /** Whose password is none that could be checked, if any. */
  readonly withoutPassword: string[] = [];
  readonly refused: { pk: string; username: string; reason: string }[] = [];

  constructor(readonly ignored: Readonly<Record<string, number>>) {}

  add(record: unknown, imported: Imported): void {
    const { pk, username } = labelOf(record);
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

function labelOf(record: unknown): { pk: string; username: string } {
  const { pk, fields } = Label.parse(record);
  return { pk: String(pk), username: fields.username };
}
