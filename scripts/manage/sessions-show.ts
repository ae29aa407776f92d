import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { eventJson } from "@/lib/api/event";
import { SessionId } from "@/lib/api/fields";
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
import { sessionId } from "./arguments";
import { type Connection, existingUser } from "./connection";
import { eventRow } from "./events";
import { type Outcome, printFacts, printTable } from "./output";

/** `sessions show | why` */
export function addSessionShow(sessions: CommandUnknownOpts, connection: Connection): void {
  sessions
    .command("show")
    .argument("<id>", "the session's id", sessionId)
    .description("one session whole, live or ended, with its data and its events")
    .action(connection.does(async (id) => shown(await existing(id))));
  sessions
    .command("why <id-or-user>")
    .description("when and why a session, or those of a user in the last 30 days, ended")
    .action(
      connection.does(async (handle) => {
        const id = SessionId.safeParse(handle);
        const { username, ended } = await (id.success ? whyOne(id.data) : whyAll(handle));
        const words = () => printTable(ended.map(rowOf), `Nothing has ended: ${handle}.`);
        return { json: { user: username, ended: ended.map(plain) }, words };
      }),
    );
}

async function existing(id: string): Promise<SessionDetails> {
  const whole = await findSessionDetails(id, new Date());
  if (!whole) throw new Problem(`There is no session ${id}.`);
  return whole;
}

function shown(details: SessionDetails): Outcome {
  const { session, user, events } = details;
  const owned = { ...withReason(session), userId: String(session.userId) };
  const json = { session: owned, user: userJson(user), events: events.map(eventJson) };
  return { json, words: () => print(details) };
}

function print({ session, user, events }: SessionDetails): void {
  const { data, methods, alsoFrom, ...rest } = withReason(session);
  const facts = { ...rest, methods: methods.join(" ") };
  const device = deviceWords(session.userAgent).name;
  const all = { ...facts, user: user.username, device, data: JSON.stringify(data) };
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
function withReason<S extends Pick<ListedSession, "endReason">>({ endReason, ...session }: S) {
  return { ...session, reason: endReason, why: endReason && endWords(endReason) };
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
