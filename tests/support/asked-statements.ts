import { channel } from "node:diagnostics_channel";
import { vi } from "vitest";
import { db } from "@/lib/db/connection";

/** The statements that some work sends outside of transactions. Listens only: they go on to the server. */
export async function statementsDuring(work: () => Promise<unknown>): Promise<string[]> {
  // Opens the pool where nothing was asked yet.
  db();
  const client = globalThis.gatehouseDatabase?.client;
  if (!client) throw new Error("the database of this process is not open");
  const asked = vi.spyOn(client, "query");
  const prepared: string[] = [];
  // What mysql2 tells of each prepared statement that it runs: look-ups, which go by nobody else.
  const note = (message: unknown) => prepared.push((message as { query: string }).query);
  const running = channel("tracing:mysql2:execute:start");
  running.subscribe(note);
  try {
    await work();
    return [...prepared, ...asked.mock.calls.map(([options]) => options.sql ?? "")];
  } finally {
    asked.mockRestore();
    running.unsubscribe(note);
  }
}
