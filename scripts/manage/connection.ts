import { closeBlocklist } from "@/lib/auth/blocklist";
import { closeHashingThreads } from "@/lib/auth/password-threads";
import { closeDatabase } from "@/lib/db/connection";
import { afterwardsDone } from "@/lib/request-scope";
import type { User } from "@/lib/users/user";
import { findUser } from "@/lib/users/users";
import { bringDatabase } from "../database/prepare";
import type { Database } from "../database/start";
import { completeSettings, loadEnvironmentFile, needsEmbeddedDatabase } from "../environment";
import { Problem } from "../program";
import { type Outcome, printing } from "./output";

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

  /** The action of a verb that does `work` on the database, and prints its outcome. */
  does<Given extends unknown[]>(work: (...given: Given) => Promise<Outcome | null>) {
    return printing(async (...given: Given) => {
      await this.open();
      return work(...given);
    });
  }

  /** Ends what `open` began; a server that somebody else started goes on. */
  async close(): Promise<void> {
    await afterwardsDone();
    await Promise.all([closeDatabase(), closeHashingThreads(), closeBlocklist()]);
    await this.embedded?.stop();
  }
}

/** The user of a name, an e-mail or an id; a Problem when there is none. */
export async function existingUser(handle: string): Promise<User> {
  const user = await findUser(handle);
  if (!user) throw new Problem(`There is no user ${handle}.`);
  return user;
}

/** The id of the user whom an option names; undefined where nobody is named. */
export async function idOfNamed(handle: string | undefined): Promise<number | undefined> {
  return handle === undefined ? undefined : (await existingUser(handle)).id;
}
