import { closeBlocklist } from "@/lib/auth/blocklist";
import { closeHashingThreads } from "@/lib/auth/password-threads";
import { closeDatabase } from "@/lib/db/connection";
import { afterwardsDone } from "@/lib/request-scope";
import type { Database } from "../database";
import { completeSettings, loadEnvironmentFile, needsEmbeddedDatabase } from "../environment";
import { bringDatabase } from "../prepare-database";

/** The database that a command works on, opened when the command's words have proved right. */
export class Connection {
  private embedded: Database | null = null;

  constructor(readonly stop: AbortSignal) {}

  /** After this, `lib` can be called. Starts the embedded server when it is down. */
  async open(): Promise<void> {
    loadEnvironmentFile();
    completeSettings();
    if (needsEmbeddedDatabase()) this.embedded = await bringDatabase(this.stop);
  }

  /** Ends what `open` began; a server that somebody else started goes on. */
  async close(): Promise<void> {
    await afterwardsDone();
    await Promise.all([closeDatabase(), closeHashingThreads(), closeBlocklist()]);
    await this.embedded?.stop();
  }
}
