import { vi } from "vitest";
import { db } from "@/lib/db/connection";

/** How the server goes about a table in one statement. */
export interface Plan {
  readonly table: string;
  readonly key: string | null;
  /** Whether it must sort what it has found. */
  readonly isSorted: boolean;
}

/** The plans of every statement that some work asks outside of transactions, in order. */
export async function plansOf(work: () => Promise<unknown>): Promise<Plan[]> {
  db();
  const client = globalThis.gatehouseDatabase?.client;
  if (!client) throw new Error("the database of this process is not open");
  // Listens only: what is asked goes on to the server.
  const asked = vi.spyOn(client, "query");
  await work();
  const calls = asked.mock.calls.map(([options, values]) => [options.sql, values] as const);
  asked.mockRestore();
  const plans: Plan[] = [];
  for (const [statement, values] of calls) {
    const [steps] = await client.query({ sql: `EXPLAIN FORMAT=TRADITIONAL ${statement}` }, values);
    for (const step of Array.isArray(steps) ? steps : []) plans.push(planOf({ ...step }));
  }
  return plans;
}

function planOf(step: Record<string, unknown>): Plan {
  const key = step.key === null ? null : String(step.key);
  return { table: String(step.table), key, isSorted: /filesort/i.test(String(step.Extra)) };
}
