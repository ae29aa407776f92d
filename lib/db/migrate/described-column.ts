// Not server-only: drizzle.config.ts needs it too, and that runs outside of Next's conditions.

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

/** The same column as MySQL would describe it. `isJson`: whether MariaDB checks that it is JSON. */
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
  return declared === `${type} character set ${characters} collate ${collation}` ? declared : type;
}

/** MariaDB keeps JSON as text with this check: the key of such a column, `table.column`. */
export const MARIADB_JSON_COLUMNS = `
  SELECT CONCAT(TABLE_NAME, '.', CONSTRAINT_NAME) AS NAME
  FROM information_schema.CHECK_CONSTRAINTS
  WHERE CONSTRAINT_SCHEMA = DATABASE()
    AND LOWER(CHECK_CLAUSE) = CONCAT('json_valid(\`', LOWER(CONSTRAINT_NAME), '\`)')`;
