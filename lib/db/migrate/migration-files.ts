import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The tables as drizzle-kit notes them beside a migration: what there is once it has run. */
export interface Snapshot {
  readonly tables: Readonly<Record<string, SnapshotTable>>;
}

export interface SnapshotTable {
  readonly name: string;
  readonly columns: Readonly<Record<string, SnapshotColumn>>;
  readonly indexes: Readonly<Record<string, SnapshotKey & { isUnique: boolean }>>;
  readonly uniqueConstraints: Readonly<Record<string, SnapshotKey>>;
  readonly compositePrimaryKeys: Readonly<Record<string, SnapshotKey>>;
  readonly foreignKeys: Readonly<Record<string, SnapshotForeignKey>>;
}

export interface SnapshotColumn {
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  readonly autoincrement: boolean;
  readonly default?: string | number | boolean;
  readonly generated?: { readonly as: string };
}

interface SnapshotKey {
  readonly name: string;
  readonly columns: readonly string[];
}

interface SnapshotForeignKey {
  readonly name: string;
  readonly tableTo: string;
  readonly columnsFrom: readonly string[];
  readonly columnsTo: readonly string[];
  readonly onDelete: string;
  readonly onUpdate: string;
}

export interface Migration {
  readonly tag: string;
  /** What drizzle-kit knows a migration by: when it was generated, and a hash of its text. */
  readonly when: number;
  readonly hash: string;
  readonly statements: readonly string[];
  readonly snapshot: Snapshot;
}

interface Journal {
  readonly entries: readonly { readonly tag: string; readonly when: number }[];
}

/** The migrations that drizzle-kit generated into a folder, oldest first. */
export function readMigrations(folder = "drizzle"): Migration[] {
  const journal: Journal = JSON.parse(readFileSync(join(folder, "meta/_journal.json"), "utf8"));
  return journal.entries.map(({ tag, when }) => {
    const sql = readFileSync(join(folder, `${tag}.sql`), "utf8");
    const [number] = tag.split("_");
    const snapshot = readFileSync(join(folder, `meta/${number}_snapshot.json`), "utf8");
    return {
      tag,
      when,
      hash: createHash("sha256").update(sql).digest("hex"),
      statements: sql.split("--> statement-breakpoint").filter((text) => text.trim() !== ""),
      snapshot: JSON.parse(snapshot),
    };
  });
}
