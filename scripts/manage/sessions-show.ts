import type { Command } from "commander";
import { eventJson } from "@/lib/api/event";
import { userJson } from "@/lib/api/user";
import { deviceWords } from "@/lib/device";
import {
  type EndedSession,
  endWords,
  findSessionDetails,
  type SessionDetails,
  whyEnded,
} from "@/lib/session/history";
import type { ListedSession } from "@/lib/session/session";
import { relativeTime } from "@/lib/time-words";
import { Problem } from "../program";
import { isSessionId } from "./arguments";
import { type Connection, existingUser } from "./connection";
import { eventRow } from "./events";
import { printFacts, printJson, printTable } from "./output";

/** `sessions show | why` */
export function addSessionShow(sessions: Command, connection: Connection): void {
  sessions
    .command("show <id>")
    .description("one session whole, live or ended, with its data and its events")
    .action(async (id: string, options: { json?: true }, command: Command) => {
      if (!isSessionId(id)) command.error(`error: ${id} is no session id`);
      await connection.open();
      show(await existing(id), options.json ?? false);
    });
  sessions
    .command("why <id-or-user>")
    .description("when and why a session, or those of a user in the last 30 days, ended")
    .action(async (handle: string, options: { json?: true }) => {
      await connection.open();
      await why(handle, options.json ?? false);
    });
}

async function existing(id: string): Promise<SessionDetails> {
  const whole = await findSessionDetails(id, new Date());
  if (!whole) throw new Problem(`There is no session ${id}.`);
  return whole;
}

function show({ session, user, events }: SessionDetails, isJson: boolean): void {
  if (isJson) {
    const owned = { ...session, userId: String(session.userId), ...reasonOf(session) };
    printJson({ session: owned, user: userJson(user), events: events.map(eventJson) });
    return;
  }
  const { data, alsoFrom, ...facts } = session;
  const device = deviceWords(session.userAgent).name;
  const { why } = reasonOf(session);
  const all = { ...facts, why, user: user.username, device, data: JSON.stringify(data) };
  const exact = (value: Value) =>
    value instanceof Date ? `${value.toISOString()} (${relativeTime(value, new Date())})` : value;
  const elsewhere = alsoFrom.map(({ userAgent, ipAddress, firstSeenAt }) => {
    const from = `${deviceWords(userAgent).name}, ${ipAddress}, first ${exact(firstSeenAt)}`;
    return ["also used from", from] as const;
  });
  const facing = Object.entries(all).map(([name, value]) => [name, exact(value)] as const);
  printFacts([...facing, ...elsewhere]);
  console.log("");
  printTable(events.map(eventRow), "The log holds nothing of it.");
}

type Value = string | number | boolean | Date | null;

// The reason as programs know it, and as people read it; both null while it lives.
function reasonOf({ endReason }: Pick<ListedSession, "endReason">) {
  return { reason: endReason, why: endReason && endWords(endReason) };
}

async function why(handle: string, isJson: boolean): Promise<void> {
  const { username, ended } = isSessionId(handle) ? await whyOne(handle) : await whyAll(handle);
  if (isJson) printJson({ user: username, ended: ended.map(plain) });
  else printTable(ended.map(rowOf), `Nothing has ended: ${handle}.`);
}

function plain({ session, words, by }: EndedSession) {
  return {
    ended: session.endedAt,
    id: session.id,
    reason: session.endReason,
    why: by ? `${words} (${by.username})` : words,
    signedIn: session.createdAt,
    ipAddress: session.ipAddress,
    userAgent: session.userAgent,
  };
}

function rowOf(each: EndedSession) {
  const { ended, id, reason, why, signedIn, ipAddress, userAgent } = plain(each);
  const device = deviceWords(userAgent).name;
  return { id, ended, reason, why, device, address: ipAddress, "signed in": signedIn };
}

async function whyAll(handle: string) {
  const user = await existingUser(handle);
  return { username: user.username, ended: await whyEnded(user, new Date()) };
}

async function whyOne(id: string) {
  const { user, session } = await existing(id);
  const ended = await whyEnded(user, new Date());
  const isIt = (each: { session: { id: string } }) => each.session.id === session.id;
  return { username: user.username, ended: ended.filter(isIt) };
}
