import { change } from "./sql";

/** What happens meanwhile fails in a way that is no outage, and that nobody foresaw. */
export async function withoutSessionsTable<T>(work: () => Promise<T>): Promise<T> {
  await change("RENAME TABLE sessions TO mislaid");
  try {
    return await work();
  } finally {
    await change("RENAME TABLE mislaid TO sessions");
  }
}
