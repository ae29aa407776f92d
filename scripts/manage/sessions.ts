import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { inTransaction } from "@/lib/db/transaction";
import { deviceWords } from "@/lib/device";
import { type PurgedAll, purgeAll } from "@/lib/jobs/purge";
import { endAllSessions, endSessionById, endSessions } from "@/lib/session/end";
import { countLive } from "@/lib/session/list";
import { type LivePage, searchLive } from "@/lib/session/search";
import { Problem, tellProgress } from "../program";
import { sessionId, wholeNumber } from "./arguments";
import { type Connection, idOfNamed } from "./connection";
import { printTable } from "./output";
import { addPolicyPreview } from "./policy-preview";
import { addSessionDrill } from "./sessions-drill";
import { addSessionShow } from "./sessions-show";
import { confirm, isSomebodyThere } from "./terminal";

/** `sessions count | list | revoke | purge`, and what other files add */
export function addSessionCommands(sessions: CommandUnknownOpts, connection: Connection): void {
  addSessionShow(sessions, connection);
  addPolicyPreview(sessions, connection);
  addSessionDrill(sessions, connection);
  addRevoke(sessions, connection);
  sessions
    .command("count")
    .description("how many sessions are live")
    .action(
      connection.does(async () => {
        const tell = (found: number) => tellProgress(`${found} so far`);
        const count = await countLive(new Date(), tell);
        tellProgress("");
        return { json: { count }, words: String(count) };
      }),
    );
  sessions
    .command("list")
    .description("live sessions, newest activity first")
    .option("--user <user>", "of this user (name, e-mail or id)")
    .option("--limit <number>", "at most so many", wholeNumber, 50)
    .action(
      connection.does(async ({ user, limit }) => {
        const found = await searchLive({ userId: await idOfNamed(user) }, { limit }, new Date());
        const words = () => printTable(found.sessions.map(rowOf), "There are no live sessions.");
        return { json: { sessions: found.sessions.map(plain) }, words };
      }),
    );
  sessions
    .command("purge")
    .description("note ends that nobody noticed; remove sessions and events past retention")
    .action(
      connection.does(async () => {
        const tell = (purged: PurgedAll) => tellProgress(purgeWords(purged));
        const purged = await purgeAll(new Date(), { tell, stop: connection.stop });
        tellProgress("");
        return { json: purged, words: `${purgeWords(purged)}.` };
      }),
    );
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

function addRevoke(sessions: CommandUnknownOpts, connection: Connection): void {
  sessions
    .command("revoke")
    .argument("[id]", "of one session", sessionId)
    .description("end one session, those of a user, or all")
    .option("--user <user>", "all of this user (name, e-mail or id)")
    .option("--all", "all of everybody")
    .option("--yes", "do not ask, at a terminal, whether --all is meant")
    .hook("preAction", (verb) => {
      const { user, all } = verb.opts();
      const given = [verb.args[0], user, all].filter((choice) => choice !== undefined);
      if (given.length !== 1) verb.error("error: give one of: a session id, --user, --all");
    })
    .action(
      connection.does(async (id, { user, all, yes }) => {
        if (all && !yes && isSomebodyThere()) await confirmAll();
        const ended = await revoke(id, user, all ?? false, new Date());
        return { json: { ended }, words: `Ended ${ended} session(s).` };
      }),
    );
}

async function confirmAll(): Promise<void> {
  const count = await countLive(new Date());
  await confirm(`This signs everybody out: ${count} live session(s), your own included.`);
}

async function revoke(id = "", handle: string | undefined, isAll: boolean, now: Date) {
  if (isAll) return endAllSessions(now);
  const reason = "revoked_by_admin";
  const userId = await idOfNamed(handle);
  if (userId !== undefined)
    return inTransaction((transaction) => endSessions(transaction, { userId }, { reason }, now));
  if (!(await endSessionById({ id, reason }, now)))
    throw new Problem(`There is no live session ${id}.`);
  return 1;
}

function purgeWords({ expired, removed, events }: PurgedAll): string {
  const sessions = `Removed ${removed} session(s); noted the end of ${expired} more`;
  return `${sessions}; removed ${events} event(s)`;
}
