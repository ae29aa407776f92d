import { type Connection, createConnection } from "mysql2/promise";

/** Does something on a connection of its own to the database that `DATABASE_URL` names by then. */
export async function onConnection<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await createConnection({
    uri: process.env.DATABASE_URL ?? "",
    timezone: "Z",
  });
  try {
    return await work(connection);
  } finally {
    await connection.end();
  }
}
