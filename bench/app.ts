import { join } from "node:path";
import { migrateDatabase } from "@/lib/db/migrate/migrate";
import { buildIfNeeded } from "../scripts/builds";
import { startDatabase } from "../scripts/database/start";
import { completeSettings } from "../scripts/environment";
import { freePort } from "../scripts/free-port";
import { dataFolder } from "../scripts/root";
import { startNext } from "../scripts/serve/next-server";

interface App {
  readonly origin: string;
  readonly pid: number;
}

/** Runs the app on a database server of its own while `work` measures it. */
export async function withApp(
  settings: Record<string, string>,
  stop: AbortSignal,
  work: (app: App) => Promise<void>,
): Promise<void> {
  await buildIfNeeded(stop);
  const database = await startDatabase({ folder: join(dataFolder, "bench"), stop });
  try {
    const port = await freePort();
    const origin = `http://localhost:${port}`;
    Object.assign(process.env, settings, { DATABASE_URL: database.url, APP_URL: origin });
    completeSettings();
    await migrateDatabase(database.url);
    const next = startNext({ mode: "start", host: "127.0.0.1", port });
    try {
      await next.ready(stop);
      await work({ origin, pid: next.pid });
    } finally {
      await next.stop();
    }
  } finally {
    await database.stop();
  }
}
