import { pino } from "pino";

/** What the app's log gets while some work is done: its entries, as objects. */
export async function loggedDuring(
  work: () => Promise<unknown>,
): Promise<Record<string, unknown>[]> {
  const entries: Record<string, unknown>[] = [];
  const before = globalThis.gatehouseLog;
  globalThis.gatehouseLog = pino(
    { level: "trace" },
    { write: (line) => entries.push(JSON.parse(line)) },
  );
  try {
    await work();
  } finally {
    globalThis.gatehouseLog = before;
  }
  return entries;
}
