import { columnWords, type Facts, indexWords, referenceWords } from "@/lib/db/migrate/facts";
import type { Snapshot, SnapshotColumn, SnapshotTable } from "@/lib/db/migrate/migration-files";

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
