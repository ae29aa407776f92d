import "server-only";
import type { QueryValues } from "mysql2/promise";
import { ask } from "@/lib/db/ask";
import { boundedClient } from "@/lib/db/connection";

/** How the server goes about a table of a statement. */
export interface PlanStep {
  readonly statement: string;
  readonly table: string;
  /** The index that it takes; null where it reads the whole table. */
  readonly index: string | null;
  /** How many rows it expects to read. */
  readonly rows: number;
}

interface Asked {
  readonly statement: string;
  readonly values: QueryValues;
}

/**
 * How the server would find what `work` selects outside of transactions: EXPLAIN of the statements
 * themselves, so that no copy of them grows old. Nothing else may ask meanwhile.
 */
export async function plansOf(work: () => Promise<unknown>): Promise<PlanStep[]> {
  const steps: PlanStep[] = [];
  for (const { statement, values } of await statementsOf(work)) {
    const rows = await ask(`EXPLAIN FORMAT=TRADITIONAL ${statement}`, values);
    const ofTables = rows.filter(({ table }) => table && !/^</.test(String(table)));
    for (const { table, key, rows } of ofTables) {
      const index = key ? String(key) : null;
      steps.push({ statement, table: String(table), index, rows: Number(rows) });
    }
  }
  return steps;
}

async function statementsOf(work: () => Promise<unknown>): Promise<Asked[]> {
  const client = boundedClient();
  const asked: Asked[] = [];
  const query = client.query.bind(client);
  client.query = (options, values) => {
    if (/^select/i.test(options.sql)) asked.push({ statement: options.sql, values: values ?? [] });
    return query(options, values);
  };
  try {
    await work();
    return asked;
  } finally {
    client.query = query;
  }
}
