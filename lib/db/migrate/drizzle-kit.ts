// drizzle-kit 0.31 asks the server what there is, and understands MySQL only, and that only where
// nobody else uses the server. Here its questions are narrowed to our tables, and the answers are
// put in the words that it compares with: then a second push finds nothing to do.
import { Connection, type QueryOptions, type RowDataPacket } from "mysql2/promise";
import {
  type DescribedColumn,
  fromMariadb,
  MARIADB_JSON_COLUMNS,
  typeAsDeclared,
} from "@/lib/db/migrate/database-facts";

/** The declared type of each column, by table. */
export type DeclaredTypes = ReadonlyMap<string, ReadonlyMap<string, string>>;
type Execute = (this: Connection, query: QueryOptions) => Promise<[RowDataPacket[], unknown]>;
type Ask = (sql: string) => Promise<RowDataPacket[]>;

// Kit joins on the name alone, which other databases on the server may use as well.
const BY_NAME = "kcu.CONSTRAINT_NAME = rc.CONSTRAINT_NAME";
const WITHIN_DATABASE = `${BY_NAME} AND kcu.CONSTRAINT_SCHEMA = rc.CONSTRAINT_SCHEMA`;

/** From now on, what drizzle-kit reads of the database is about `declared` tables, as declared. */
export function readTablesAsDeclared(declared: DeclaredTypes): void {
  const execute: Execute = Connection.prototype.execute;
  Object.assign(Connection.prototype, {
    async execute(this: Connection, query: QueryOptions) {
      if (!/information_schema/i.test(query.sql)) return execute.call(this, query);
      const ask: Ask = async (sql) => (await execute.call(this, { ...query, sql }))[0];
      return [await narrowed(ask, query.sql, declared), []];
    },
  });
}

async function narrowed(ask: Ask, sql: string, declared: DeclaredTypes) {
  const isMariadb = /mariadb/i.test((await ask("SELECT VERSION() AS V"))[0]?.V);
  const json = new Set(isMariadb ? (await ask(MARIADB_JSON_COLUMNS)).map(({ NAME }) => NAME) : []);
  const rows = (await ask(sql.replace(BY_NAME, WITHIN_DATABASE))).map(withUpperCaseKeys);
  // Kit itself drops the tables of others too late: it fails on their views and checks.
  const ours = rows.filter((row) => declared.has(row.TABLE_NAME));
  if (/check_constraints/i.test(sql))
    return ours.filter((row) => !json.has(`${row.TABLE_NAME}.${row.CONSTRAINT_NAME}`));
  return ours.map((row) => {
    if (!isColumn(row)) return row;
    const key = `${row.TABLE_NAME}.${row.COLUMN_NAME}`;
    const column = isMariadb ? fromMariadb(row, json.has(key)) : row;
    const type = declared.get(column.TABLE_NAME)?.get(column.COLUMN_NAME);
    return { ...column, COLUMN_TYPE: typeAsDeclared(column, type) };
  });
}

// Kit reads TABLE_NAME where it asked for table_name, and MariaDB answers as it was asked.
function withUpperCaseKeys(row: RowDataPacket): RowDataPacket {
  const upper = Object.entries(row).map(([key, value]) => [key.toUpperCase(), value]);
  return Object.assign(Object.fromEntries(upper), row);
}

function isColumn(row: RowDataPacket): row is RowDataPacket & DescribedColumn {
  return "COLUMN_TYPE" in row;
}

// drizzle-kit 0.31 prints some failures and exits with 0 all the same (a failed statement, a question
// that nobody is there to answer), and exits with 1 on others without a word (reading the tables).

/** From now on, whatever fails in this process is printed and makes its exit code other than 0. */
export function failWithReason(): void {
  const printed = new Set<unknown>();
  const failed = new Set<unknown>();
  for (const name of ["log", "error"] as const) notePrintedErrors(name, printed);
  for (const name of ["query", "execute"] as const) noteFailedStatements(name, failed);
  process.on("exit", (code) => {
    for (const error of failed) if (!printed.has(error)) console.error(error);
    // Kit has called process.exit(0), but what is set here still counts.
    if (code === 0 && printed.size + failed.size > 0) process.exitCode = 1;
  });
}

function notePrintedErrors(name: "log" | "error", printed: Set<unknown>): void {
  const print = console[name];
  console[name] = (...words: unknown[]) => {
    for (const word of words) if (word instanceof Error) printed.add(word);
    print(...words);
  };
}

function noteFailedStatements(name: "query" | "execute", failed: Set<unknown>): void {
  const run = Connection.prototype[name];
  Object.assign(Connection.prototype, {
    async [name](this: Connection, ...given: unknown[]) {
      try {
        return await Reflect.apply(run, this, given);
      } catch (error) {
        failed.add(error);
        throw error;
      }
    },
  });
}
