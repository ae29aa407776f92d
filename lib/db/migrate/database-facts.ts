// Not server-only: drizzle.config.ts needs it too, and that runs outside of Next's conditions.
import type { Connection, RowDataPacket } from "mysql2/promise";
import { columnWords, type Facts, indexWords, referenceWords } from "@/lib/db/migrate/facts";
import type { Snapshot } from "@/lib/db/migrate/migration-files";

/** What the database says of the tables of a snapshot; empty where it has none of them. */
export async function factsOfDatabase(connection: Connection, { tables }: Snapshot) {
  const names = Object.keys(tables);
  const typeOf = (table: string, column: string) => tables[table]?.columns[column]?.type;
  const columns = await describedColumns(connection, names);
  const foreignKeys = await foreignKeyFacts(connection, names);
  const facts: Facts = new Map([
    ...columns.map(({ TABLE_NAME }): [string, string] => [`table ${TABLE_NAME}`, "there"]),
    ...columns.map((column): [string, string] => [
      `column ${column.TABLE_NAME}.${column.COLUMN_NAME}`,
      words(column, typeOf(column.TABLE_NAME, column.COLUMN_NAME)),
    ]),
    ...(await indexFacts(connection, names, foreignKeys)),
    ...foreignKeys,
  ]);
  return facts;
}

async function describedColumns(connection: Connection, names: string[]) {
  const [columns] = await connection.query<(RowDataPacket & DescribedColumn)[]>(
    `SELECT * FROM information_schema.COLUMNS
     WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN (?) ORDER BY TABLE_NAME, ORDINAL_POSITION`,
    [names],
  );
  const [versions] = await connection.query<RowDataPacket[]>("SELECT VERSION() AS VERSION");
  if (!/mariadb/i.test(versions[0]?.VERSION)) return columns;
  const [json] = await connection.query<RowDataPacket[]>(MARIADB_JSON_COLUMNS);
  const isJson = new Set(json.map(({ NAME }) => NAME));
  return columns.map((row) => fromMariadb(row, isJson.has(`${row.TABLE_NAME}.${row.COLUMN_NAME}`)));
}

function words(row: DescribedColumn, declaredType: string | undefined): string {
  const { COLUMN_DEFAULT: value, EXTRA } = row;
  const isExpression = EXTRA.includes("DEFAULT_GENERATED");
  return columnWords({
    type: typeAsDeclared(row, declaredType),
    notNull: row.IS_NULLABLE === "NO",
    autoincrement: EXTRA.includes("auto_increment"),
    default: isExpression ? `(${value})` : value,
    generated: row.GENERATION_EXPRESSION ?? "",
  });
}

async function foreignKeyFacts(connection: Connection, names: string[]): Promise<Facts> {
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT k.TABLE_NAME, k.CONSTRAINT_NAME AS NAME, MIN(k.REFERENCED_TABLE_NAME) AS \`table\`,
       GROUP_CONCAT(k.COLUMN_NAME ORDER BY k.ORDINAL_POSITION) AS \`from\`,
       GROUP_CONCAT(k.REFERENCED_COLUMN_NAME ORDER BY k.ORDINAL_POSITION) AS \`to\`,
       MIN(r.DELETE_RULE) AS onDelete, MIN(r.UPDATE_RULE) AS onUpdate
     FROM information_schema.KEY_COLUMN_USAGE k
     JOIN information_schema.REFERENTIAL_CONSTRAINTS r
       ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND r.TABLE_NAME = k.TABLE_NAME
       AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME
     WHERE k.TABLE_SCHEMA = DATABASE() AND k.TABLE_NAME IN (?)
     GROUP BY k.TABLE_NAME, k.CONSTRAINT_NAME`,
    [names],
  );
  return new Map(
    rows.map(({ TABLE_NAME, NAME, from, table, to, onDelete, onUpdate }) => [
      `foreign key ${TABLE_NAME}.${NAME}`,
      referenceWords({ from, table, to, onDelete, onUpdate }),
    ]),
  );
}

async function indexFacts(connection: Connection, names: string[], foreignKeys: Facts) {
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT TABLE_NAME, INDEX_NAME AS NAME, MIN(NON_UNIQUE) AS NON_UNIQUE,
       GROUP_CONCAT(COLUMN_NAME ORDER BY SEQ_IN_INDEX) AS LIST
     FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN (?)
     GROUP BY TABLE_NAME, INDEX_NAME`,
    [names],
  );
  return (
    rows
      // The server's own, made for a foreign key that no index of ours serves.
      .filter(({ TABLE_NAME, NAME }) => !foreignKeys.has(`foreign key ${TABLE_NAME}.${NAME}`))
      .map(({ TABLE_NAME, NAME, NON_UNIQUE, LIST }): [string, string] => [
        `index ${TABLE_NAME}.${NAME}`,
        indexWords(LIST, Number(NON_UNIQUE) === 0),
      ])
  );
}

/** What information_schema.columns says of a column, as far as it is compared. */
export interface DescribedColumn {
  TABLE_NAME: string;
  COLUMN_NAME: string;
  COLUMN_TYPE: string;
  DATA_TYPE: string;
  COLUMN_DEFAULT: string | null;
  EXTRA: string;
  IS_NULLABLE: "YES" | "NO";
  CHARACTER_SET_NAME: string | null;
  COLLATION_NAME: string | null;
  GENERATION_EXPRESSION: string | null;
}

// MariaDB still tells how wide a number is to be shown; tinyint(1) alone means something: boolean.
const DISPLAY_WIDTH = /^(?!tinyint\(1\))(tinyint|smallint|mediumint|int|bigint)\(\d+\)/;
const QUOTED = /^'((?:[^']|'')*)'$/s;
const NUMBER = /^-?[\d.]+$/;

/** A column of MariaDB as MySQL would describe it. `isJson`: whether MariaDB checks that it is JSON. */
export function fromMariadb<Row extends DescribedColumn>(row: Row, isJson: boolean): Row {
  const type = isJson ? "json" : row.COLUMN_TYPE.replace(DISPLAY_WIDTH, "$1");
  const expression = row.GENERATION_EXPRESSION;
  return {
    ...row,
    COLUMN_TYPE: type,
    DATA_TYPE: isJson ? "json" : row.DATA_TYPE,
    // MySQL's name for what either server takes as lower() as well as lcase().
    GENERATION_EXPRESSION: expression?.replaceAll("lcase(", "lower(") ?? "",
    ...defaultFromMariadb(row),
  };
}

// MariaDB writes every default as SQL ('member', NULL, utc_timestamp(3)); MySQL writes literals
// bare, and marks what is an expression.
function defaultFromMariadb({ COLUMN_DEFAULT: text, EXTRA }: DescribedColumn) {
  if (text === null || text === "NULL") return { COLUMN_DEFAULT: null };
  const quoted = QUOTED.exec(text)?.[1];
  if (quoted !== undefined) return { COLUMN_DEFAULT: quoted.replaceAll("''", "'") };
  if (NUMBER.test(text)) return {};
  return { EXTRA: `DEFAULT_GENERATED ${EXTRA}`.trim() };
}

/**
 * The type of a column as its declaration spells it, where it says the same. Servers tell
 * `varchar(9) character set utf8mb4 collate utf8mb4_bin` in three columns.
 */
export function typeAsDeclared(row: DescribedColumn, declared: string | undefined): string {
  const { COLUMN_TYPE: type, CHARACTER_SET_NAME: characters, COLLATION_NAME: collation } = row;
  if (type === "tinyint(1)" && declared === "boolean") return declared;
  if (declared === type.replace(/^enum\(/, "ENUM(")) return declared;
  return declared === `${type} character set ${characters} collate ${collation}` ? declared : type;
}

/** MariaDB keeps JSON as text with this check: the key of such a column, `table.column`. */
export const MARIADB_JSON_COLUMNS = `
  SELECT CONCAT(TABLE_NAME, '.', CONSTRAINT_NAME) AS NAME
  FROM information_schema.CHECK_CONSTRAINTS
  WHERE CONSTRAINT_SCHEMA = DATABASE()
    AND LOWER(CHECK_CLAUSE) = CONCAT('json_valid(\`', LOWER(CONSTRAINT_NAME), '\`)')`;
