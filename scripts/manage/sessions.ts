import { type Command, InvalidArgumentError } from "commander";
import { inTransaction } from "@/lib/db/transaction";
import { endAllSessions, endSessionById, endSessionsOfUser } from "@/lib/session/end";
import { countLive, listLive } from "@/lib/session/lists";
import { type Purged, purgeSessions } from "@/lib/session/purge";
import { Problem } from "../program";
import type { Connection } from "./connection";
import { existingUser } from "./existing-user";
import { printJson, printTable } from "./output";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface RevokeOptions {
  user?: string;
  all?: true;
  json?: true;
}

/** `sessions count | list | revoke` */
export function addSessionCommands(program: Command, connection: Connection): void {
  const sessions = program.command("sessions").description("signed-in browsers");
  sessions
    .command("count")
    .description("how many sessions are live")
    .option("--json", "print one JSON document")
    .action(async (options: { json?: true }) => {
      await connection.open();
      const count = await countLive(new Date());
      if (options.json) printJson({ count });
      else console.log(count);
    });
  sessions
    .command("list")
    .description("live sessions, newest activity first")
    .option("--user <user>", "of this user (name, e-mail or id)")
    .option("--limit <number>", "at most so many", wholeNumber, 50)
    .option("--json", "print one JSON document")
    .action(async (options: { user?: string; limit: number; json?: true }) => {
      await connection.open();
      await list(options);
    });
  sessions
    .command("purge")
    .description("write down ends that nobody noticed; remove what is past retention")
    .option("--json", "print one JSON document")
    .action(async (options: { json?: true }) => {
      await connection.open();
      await purge(options.json ?? false, connection.stop);
    });
  sessions
    .command("revoke [id]")
    .description("end one session, those of a user, or all")
    .option("--user <user>", "all of this user (name, e-mail or id)")
    .option("--all", "all of everybody")
    .option("--json", "print one JSON document")
    .action(async (id: string | undefined, options: RevokeOptions, command: Command) => {
      const given = [id, options.user, options.all].filter((choice) => choice !== undefined);
      if (given.length !== 1) command.error("error: give one of: a session id, --user, --all");
      if (id !== undefined && !UUID.test(id)) command.error(`error: ${id} is no session id`);
      await connection.open();
      const ended = await revoke(id, options);
      if (options.json) printJson({ ended });
      else console.log(`Ended ${ended} session(s).`);
    });
}

async function list(options: { user?: string; limit: number; json?: true }): Promise<void> {
  const user = options.user === undefined ? null : await existingUser(options.user);
  const filter = { limit: options.limit, ...(user ? { userId: user.id } : {}) };
  const rows = (await listLive(filter, new Date())).map((row) => ({
    id: row.session.id,
    user: row.user.username,
    ipAddress: row.session.ipAddress,
    signedInAt: row.session.createdAt,
    lastActivityAt: row.session.lastActivityAt,
    expiresAt: row.session.expiresAt,
    userAgent: row.session.userAgent,
  }));
  if (options.json) printJson({ sessions: rows });
  else printTable(rows, "There are no live sessions.");
}

async function purge(isJson: boolean, stop: AbortSignal): Promise<void> {
  const tell = (purged: Purged) => process.stderr.write(`\r${purgedWords(purged)}`);
  const options = process.stderr.isTTY ? { tell, stop } : { stop };
  const purged = await purgeSessions(new Date(), options);
  if (process.stderr.isTTY) process.stderr.write("\r");
  if (isJson) printJson(purged);
  else console.log(`${purgedWords(purged)}.`);
}

const purgedWords = ({ expired, removed }: Purged) =>
  `Removed ${removed} session(s); noted the end of ${expired} more`;

async function revoke(id: string | undefined, { user: handle, all }: RevokeOptions) {
  const now = new Date();
  if (all) return endAllSessions(now);
  if (handle !== undefined) {
    const user = await existingUser(handle);
    return inTransaction((transaction) =>
      endSessionsOfUser(transaction, user.id, { reason: "revoked_by_admin" }, now),
    );
  }
  const isEnded = await endSessionById({ id: id ?? "", reason: "revoked_by_admin" }, now);
  if (!isEnded) throw new Problem(`There is no live session ${id}.`);
  return 1;
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1) throw new InvalidArgumentError("Give a number from 1 on.");
  return number;
}
