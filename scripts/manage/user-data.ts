import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { eraseUser, exportUser } from "@/lib/auth/personal-data";
import type { LoggedEvent } from "@/lib/events/read";
import { taken } from "../explain";
import { Problem } from "../program";
import { FORCE } from "./arguments";
import { type Connection, existingUser } from "./connection";

/** `users export | erase`: a person's data (ASVS 14.2.7) */
export function addUserData(users: CommandUnknownOpts, connection: Connection): void {
  users
    .command("export <user>")
    .description("all that is kept of a user (name, email or id), as one JSON document")
    .option("--json", "it always is JSON")
    .action(connection.does(async (handle) => ({ json: await dataOf(handle) })));
  users
    .command("erase <user>")
    .description("delete a user and their sessions; take them out of the event log")
    .requiredOption("--yes", "it cannot be undone")
    .option(...FORCE)
    .action(
      connection.does(async (handle, { force = false }) => {
        const { id, username } = await existingUser(handle);
        const erased = taken(await eraseUser(id, new Date(), { force }));
        const { sessions, events } = erased;
        const words = `${username} is erased, with ${sessions} session(s); ${events} event(s) name nobody now.`;
        return { json: { user: username, ...erased }, words };
      }),
    );
}

async function dataOf(handle: string) {
  const { id } = await existingUser(handle);
  const exportedAt = new Date();
  const data = await exportUser(id, exportedAt);
  if (!data) throw new Problem(`There is no user ${handle} any more.`);
  const { account, sessions, events, mails } = data;
  return {
    exportedAt,
    account: { ...account, id: String(account.id) },
    sessions: sessions.map(({ userId: _, isRotationDue: __, ...session }) => session),
    events: events.map((event) => eventOf(event, id)),
    mails,
  };
}

// Who else acted on the account is another person: that they did is said, not who and from where.
function eventOf({ userId: _, actorId, ...event }: LoggedEvent, ownId: number) {
  const byOther = actorId !== null && actorId !== ownId;
  const device = byOther ? { ipAddress: "", userAgent: "" } : {};
  return { ...event, id: String(event.id), byOther, ...device };
}
