import type { Command } from "commander";
import { inTransaction } from "@/lib/db/transaction";
import { deviceWords } from "@/lib/device";
import { type PurgedAll, purgeAll } from "@/lib/jobs/purge";
import { endAllSessions, endSessionById, endSessions } from "@/lib/session/end";
import { countLive } from "@/lib/session/list";
import { type LivePage, searchLive } from "@/lib/session/search";
import { Problem, tellProgress } from "../program";
import { isSessionId, wholeNumber } from "./arguments";
import { type Connection, existingUser } from "./connection";
import { printJson, printTable } from "./output";
import { addPolicyPreview } from "./policy-preview";
import { addSessionDrill } from "./sessions-drill";
import { addSessionShow } from "./sessions-show";
import { confirm, isSomebodyThere } from "./terminal";

interface RevokeOptions {
  user?: string;
  all?: true;
  yes?: true;
  json?: true;
}

/** `sessions count | list | revoke`, and what other files add */
export function addSessionCommands(program: Command, connection: Connection): void {
  const sessions = program.command("sessions").description("signed-in browsers");
  addSessionShow(sessions, connection);
  addSessionPurge(sessions, connection);
  addPolicyPreview(sessions, connection);
  addSessionDrill(sessions, connection);
  sessions
    .command("count")
    .description("how many sessions are live")
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
    .action(async (options: { user?: string; limit: number; json?: true }) => {
      await connection.open();
      await list(options);
    });
  sessions
    .command("revoke [id]")
    .description("end one session, those of a user, or all")
    .option("--user <user>", "all of this user (name, e-mail or id)")
    .option("--all", "all of everybody")
    .option("--yes", "do not ask, at a terminal, whether --all is meant")
    .action(async (id: string | undefined, options: RevokeOptions, command: Command) => {
      const given = [id, options.user, options.all].filter((choice) => choice !== undefined);
      if (given.length !== 1) command.error("error: give one of: a session id, --user, --all");
      if (id !== undefined && !isSessionId(id)) command.error(`error: ${id} is no session id`);
      await connection.open();
      if (options.all && !options.yes && isSomebodyThere()) await confirmAll();
      const ended = await revoke(id, options);
      if (options.json) printJson({ ended });
      else console.log(`Ended ${ended} session(s).`);
    });
}

async function confirmAll(): Promise<void> {
  const count = await countLive(new Date());
  await confirm(`This signs everybody out: ${count} live session(s), your own included.`);
}

async function list(options: { user?: string; limit: number; json?: true }): Promise<void> {
  const user = options.user === undefined ? null : await existingUser(options.user);
  const found = await searchLive({ userId: user?.id }, { limit: options.limit }, new Date());
  if (options.json) printJson({ sessions: found.sessions.map(plain) });
  else printTable(found.sessions.map(rowOf), "There are no live sessions.");
}

type Found = LivePage["sessions"][number];

function plain({ session, user }: Found) {
  return {
    id: session.id,
    user: user.username,
    ipAddress: session.ipAddress,
    signedInAt: session.createdAt,
    lastActivityAt: session.lastActivityAt,
    expiresAt: session.expiresAt,
    userAgent: session.userAgent,
  };
}

function rowOf({ session, user }: Found) {
  return {
    id: session.id,
    user: user.username,
    "last active": session.lastActivityAt,
    device: deviceWords(session.userAgent).name,
    address: session.ipAddress,
    "signed in": session.createdAt,
    ends: session.expiresAt,
  };
}

async function revoke(id: string | undefined, { user: handle, all }: RevokeOptions) {
  const now = new Date();
  if (all) return endAllSessions(now);
  if (handle !== undefined) {
    const user = await existingUser(handle);
    return inTransaction((transaction) =>
      endSessions(transaction, { userId: user.id }, { reason: "revoked_by_admin" }, now),
    );
  }
  const isEnded = await endSessionById({ id: id ?? "", reason: "revoked_by_admin" }, now);
  if (!isEnded) throw new Problem(`There is no live session ${id}.`);
  return 1;
}

/** `sessions purge` */
function addSessionPurge(sessions: Command, connection: Connection): void {
  sessions
    .command("purge")
    .description("note ends that nobody noticed; remove sessions and events past retention")
    .action(async (options: { json?: true }) => {
      await connection.open();
      const tell = (purged: PurgedAll) => tellProgress(words(purged));
      const purged = await purgeAll(new Date(), { tell, stop: connection.stop });
      tellProgress("");
      if (options.json) printJson(purged);
      else console.log(`${words(purged)}.`);
    });
}

function words({ expired, removed, events }: PurgedAll): string {
  const sessions = `Removed ${removed} session(s); noted the end of ${expired} more`;
  return `${sessions}; removed ${events} event(s)`;
}
