import "server-only";
import type { QueryValues } from "mysql2/promise";
import { boundedClient } from "@/lib/db/connection";

/** What the server says of itself, one entry a row; for questions that no table of ours answers. */
export async function ask(
  question: string,
  values: QueryValues = [],
): Promise<Record<string, unknown>[]> {
  const [rows] = await boundedClient().query({ sql: question }, values);
  return Array.isArray(rows) ? rows.map((row) => ({ ...row })) : [];
}

/** The values of server variables by name, as this connection has them; absent where there is none. */
export async function serverVariables(...names: string[]): Promise<ReadonlyMap<string, string>> {
  const marks = names.map(() => "?").join(", ");
  const rows = await ask(`SHOW SESSION VARIABLES WHERE Variable_name IN (${marks})`, names);
  return new Map(rows.map((row) => [String(row.Variable_name), String(row.Value)]));
}
