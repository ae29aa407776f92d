import { setTimeout as wait } from "node:timers/promises";
import { type CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import { eventJson } from "@/lib/api/event";
import { EVENT_TYPES } from "@/lib/db/schema";
import { deviceWords } from "@/lib/device";
import { type EventFilter, eventsAfter, type LoggedEvent, searchEvents } from "@/lib/events/read";
import { moment, wholeNumber } from "./arguments";
import { type Connection, idOfNamed } from "./connection";
import { lineOf, printTable } from "./output";

const BETWEEN_LOOKS_MS = 1000;

/** `events list` */
export function addEventCommands(events: CommandUnknownOpts, connection: Connection): void {
  events
    .command("list")
    .description("the log, newest first; with --follow oldest first, and what happens next")
    .addOption(new Option("--type <type>", "of this type").choices(EVENT_TYPES))
    .option("--user <user>", "of this user (name, email or id)")
    .option("--since <time>", "from then on: 24h, 30m, or 2026-11-23T08:00:00Z", moment)
    .option("--address <address>", "from exactly this address")
    .option("--limit <number>", "at most so many", wholeNumber, 50)
    .option("--follow", "go on until Ctrl-C; with --json one document a line")
    .option("--json", "print one JSON document")
    .action(
      connection.does(async ({ user, limit, follow, json, ...options }) => {
        const filter = { ...options, userId: await idOfNamed(user) };
        const found = await newest(filter, limit);
        if (follow) return goOn(filter, found.toReversed(), json ?? false, connection.stop);
        const words = () => printTable(found.map(eventRow), "There are no such events.");
        return { json: { events: found.map(eventJson) }, words };
      }),
    );
}

// Page by page, since one of two filters may hold few.
async function newest(filter: EventFilter, limit: number): Promise<LoggedEvent[]> {
  const found: LoggedEvent[] = [];
  let cursor: string | undefined;
  do {
    const page = await searchEvents(filter, { limit: limit - found.length, cursor });
    found.push(...page.events);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && found.length < limit);
  return found;
}

// Prints by itself, event by event.
async function goOn(
  filter: EventFilter,
  first: readonly LoggedEvent[],
  isJson: boolean,
  stop: AbortSignal,
): Promise<null> {
  for (const event of first) printLine(event, isJson);
  let last = first.at(-1)?.id ?? (await newest({}, 1))[0]?.id ?? 0;
  while (!stop.aborted) {
    for (const event of await eventsAfter(last, filter)) {
      printLine(event, isJson);
      last = event.id;
    }
    await wait(BETWEEN_LOOKS_MS, undefined, { signal: stop }).catch(() => {});
  }
  return null;
}

function printLine(event: LoggedEvent, isJson: boolean): void {
  if (isJson) console.log(JSON.stringify(eventJson(event)));
  else console.log(lineOf(eventRow(event)));
}

/** An entry of the log as a line of a table. */
export function eventRow({ id, at, type, userId, actorId, ...event }: LoggedEvent) {
  const { ipAddress, userAgent, detail } = event;
  const device = userAgent && deviceWords(userAgent).name;
  return { id, at, type, userId, actorId, ipAddress, device, detail: JSON.stringify(detail) };
}
