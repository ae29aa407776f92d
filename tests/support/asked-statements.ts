import { vi } from "vitest";
import { db } from "@/lib/db/connection";

/** The statements that some work sends outside of transactions. Listens only: they go on to the server. */
export async function statementsDuring(work: () => Promise<unknown>): Promise<string[]> {
  // Opens the pool where nothing was asked yet.
  db();
  const client = globalThis.gatehouseDatabase?.client;
  if (!client) throw new Error("the database of this process is not open");
  const asked = vi.spyOn(client, "query");
  try {
    await work();
    return asked.mock.calls.map(([options]) => options.sql ?? "");
  } finally {
    asked.mockRestore();
  }
}
