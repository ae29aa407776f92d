import { type Column, getTableColumns, type SQL, sql } from "drizzle-orm";
import { MySqlDialect } from "drizzle-orm/mysql-core";
import type { Connection } from "mysql2/promise";
import { sessions } from "@/lib/db/schema";
import type { SeededSession } from "./history";

/** How rows become many: each so often, for a person further on, and a little earlier. */
export interface Copying {
  readonly copies: number;
  /** The first user, and how many there are: who would be beyond the last is counted from the first. */
  readonly firstUser: number;
  readonly users: number;
  /** How many users further on the person of the next copy is. */
  readonly usersApart: number;
  readonly millisecondsApart: number;
}

const dialect = new MySqlDialect();

/**
 * Puts sessions into their table, each with its copies. The server makes the copies: to send ten
 * million rows would take it a quarter of an hour to read them alone.
 */
export async function insertCopies(
  connection: Connection,
  rows: readonly SeededSession[],
  copying: Copying,
): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const given = Object.entries(getTableColumns(sessions)).filter(([field]) => field in first);
  const columns = given.map(([, column]) => column);
  const insert = sql`insert into ${sessions} (${sql.join(columns.map(nameOf), sql`, `)})
    select ${sql.join(
      columns.map((column) => madeOf(column, copying)),
      sql`, `,
    )}
    from ${rowsOf(rows, given)} base
    cross join (${numbersBelow(copying.copies)}) copies order by 1`; // The table grows at its end.
  const { sql: statement, params } = dialect.sqlToQuery(insert);
  await connection.query(statement, params);
}

type Given = readonly [string, Column];

const nameOf = ({ name }: Column) => sql.identifier(name);

// As JSON: of a UNION of hundreds of rows a server thinks for half a second.
function rowsOf(rows: readonly SeededSession[], given: readonly Given[]): SQL {
  const json = rows.map((row) =>
    given.map(([field, column]) => {
      const value: unknown = Reflect.get(row, field);
      const driven: unknown = value === null ? null : column.mapToDriverValue(value);
      return Buffer.isBuffer(driven) ? driven.toString("hex") : driven;
    }),
  );
  const columns = given.map(
    ([, column], index) =>
      sql`${nameOf(column)} varchar(600) character set utf8mb4 path ${sql.raw(`'$[${index}]'`)}`,
  );
  return sql`json_table(${JSON.stringify(json)}, '$[*]' columns (${sql.join(columns, sql`, `)}))`;
}

function numbersBelow(count: number): SQL {
  const numbers = Array.from({ length: count }, (_, number) => sql`select ${number} as copy`);
  return sql.join(numbers, sql` union all `);
}

/** A column of a copy, in SQL. */
function madeOf(column: Column, { firstUser, users, usersApart, millisecondsApart }: Copying): SQL {
  const name = nameOf(column);
  const earlier = sql`copy * ${millisecondsApart}`;
  if (column === sessions.id) {
    // A UUIDv7: 48 bits of milliseconds, the version, chance (RFC 9562).
    const at = sql`conv(left(id, 12), 16, 10) - ${earlier}`;
    const chance = sql`sha2(concat(id, copy), 256)`;
    return sql`unhex(concat(lpad(hex(${at}), 12, '0'), '7', left(${chance}, 3), '8', right(${chance}, 15)))`;
  }
  if (column === sessions.userId)
    return sql`${firstUser} + (user_id - ${firstUser} + copy * ${usersApart}) % ${users}`;
  if (column === sessions.secretHash)
    return sql`if(secret_hash is null, null, unhex(sha2(concat(id, copy), 256)))`;
  if (column.dataType === "date")
    return sql`cast(${name} as datetime(3)) - interval ${earlier} * 1000 microsecond`;
  return column === sessions.persistent ? sql`${name} in ('1', 'true')` : sql`${name}`;
}
