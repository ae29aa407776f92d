import type { Snapshot, SnapshotColumn, SnapshotTable } from "@/lib/db/migrate/migration-files";

/**
 * What is true of some tables, one entry a thing: "table users" → "there", "column users.email" →
 * "varchar(254) not null", "index users.PRIMARY" → "unique (id)", and so on.
 * A migration's snapshot and a database that say the same hold the same tables.
 */
export type Facts = ReadonlyMap<string, string>;

export interface ColumnFacts {
  readonly type: string;
  readonly notNull: boolean;
  readonly autoincrement: boolean;
  /** Empty where there is none; an expression stands in brackets. */
  readonly default: string | null;
  readonly generated: string;
}

/** One column in words. */
export function columnWords(column: ColumnFacts): string {
  return [
    column.type,
    column.notNull && "not null",
    column.autoincrement && "auto_increment",
    column.default !== null && `default ${column.default || "''"}`,
    column.generated && `generated as ${column.generated}`,
  ]
    .filter(Boolean)
    .join(" ");
}

export interface ReferenceFacts {
  readonly from: string;
  readonly table: string;
  readonly to: string;
  readonly onDelete: string;
  readonly onUpdate: string;
}

/** One foreign key in words. */
export function referenceWords({ from, table, to, onDelete, onUpdate }: ReferenceFacts): string {
  const rules = `on delete ${onDelete} on update ${onUpdate}`.toLowerCase();
  return `(${from}) to ${table} (${to}) ${rules}`;
}

/** One index in words. */
export function indexWords(columns: string, isUnique: boolean): string {
  return `${isUnique ? "unique " : ""}(${columns})`;
}

/** How a line ends that tells of a thing that is not there. */
export const MISSING = "is missing";

/** What differs, one line each; empty where both say the same. */
export function differences(wanted: Facts, found: Facts): string[] {
  const lost = [...wanted.keys()].filter((name) => name.startsWith("table ") && !found.has(name));
  const inLostTable = lost.map((table) => `${table.replace("table", "")}.`);
  return [...new Set([...wanted.keys(), ...found.keys()])]
    .filter((name) => !inLostTable.some((part) => name.includes(part)))
    .flatMap((name) => difference(name, wanted.get(name), found.get(name)));
}

function difference(name: string, want: string | undefined, have: string | undefined): string[] {
  if (want === have) return [];
  if (have === undefined) return [`${name} ${MISSING}`];
  if (want === undefined) return [`${name} is not ours: ${have}`];
  return [`${name} is ${have}, where ${want} is wanted`];
}

/** What a migration's snapshot says of the tables. */
export function factsOfSnapshot({ tables }: Snapshot): Facts {
  return new Map(Object.values(tables).flatMap(factsOfTable));
}

function factsOfTable(table: SnapshotTable): [string, string][] {
  const { name } = table;
  const unique = Object.values(table.uniqueConstraints).map((key) => ({ ...key, isUnique: true }));
  const indexes = [...Object.values(table.indexes), ...unique];
  return [
    [`table ${name}`, "there"],
    ...Object.values(table.columns).map((column): [string, string] => [
      `column ${name}.${column.name}`,
      words(column),
    ]),
    ...Object.values(table.compositePrimaryKeys).map((key): [string, string] => [
      `index ${name}.PRIMARY`,
      indexWords(key.columns.join(), true),
    ]),
    ...indexes.map((key): [string, string] => [
      `index ${name}.${key.name}`,
      indexWords(key.columns.join(), key.isUnique),
    ]),
    ...Object.values(table.foreignKeys).map((key): [string, string] => [
      `foreign key ${name}.${key.name}`,
      referenceWords({
        ...key,
        from: key.columnsFrom.join(),
        table: key.tableTo,
        to: key.columnsTo.join(),
      }),
    ]),
  ];
}

function words(column: SnapshotColumn): string {
  return columnWords({
    ...column,
    default: defaultText(column.default),
    generated: column.generated?.as ?? "",
  });
}

// A snapshot holds SQL text ('member', (json_object())) or a value (false, 3).
function defaultText(value: SnapshotColumn["default"]): string | null {
  if (value === undefined) return null;
  if (typeof value === "string") return value.replace(/^'(.*)'$/s, "$1").replaceAll("''", "'");
  return String(Number(value));
}
