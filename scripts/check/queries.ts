import { plansOf } from "@/lib/db/inspect";
import { searchEvents } from "@/lib/events/read";
import { listForUser } from "@/lib/session/list";
import { findEndedBefore, findRunOut } from "@/lib/session/purge";
import { searchLive } from "@/lib/session/search";
import { findSession } from "@/lib/session/session";
import { findByIdentifier } from "@/lib/users/users";
import { type Check, fault, onDeploy, type Subject, well } from "./check";

// To read so many is quicker than to look into an index.
const FEW_ROWS = 1000;
const NOBODY = { id: 0, role: "member", status: "active" } as const;
const NO_SESSION = "00000000-0000-7000-8000-000000000000";

/** Every statement that requests and the purge run often, with what finds nothing. */
async function hotQueries({ now }: Subject): Promise<void> {
  await findSession(NO_SESSION);
  await findByIdentifier("nobody");
  await findRunOut(now, 1);
  await findEndedBefore(new Date(0), 1);
  await searchLive({}, { limit: 1 }, now);
  await searchLive({ userId: 0 }, { limit: 1 }, now);
  await searchLive({ address: "192.0.2.1" }, { limit: 1 }, now);
  await listForUser(NOBODY, now);
  await searchEvents({}, { limit: 1 });
  await searchEvents({ userId: 0 }, { limit: 1 });
}

const NO_SUCH_INDEX = /Key '(?<name>\w+)' doesn't exist/;

export const QUERY_CHECKS: readonly Check[] = [
  onDeploy("indexes", "the queries that run often use an index", async (subject) => {
    try {
      const steps = await plansOf(() => hotQueries(subject));
      const whole = steps.filter(({ index, rows }) => index === null && rows > FEW_ROWS);
      const tables = [...new Set(whole.map(({ table }) => table))];
      return tables.length > 0
        ? fault(
            `whole tables are read: ${tables.join(", ")}`,
            `ANALYZE TABLE ${tables.join(", ")};`,
          )
        : well(`${steps.length} steps, none of which reads a large table whole`);
    } catch (error) {
      const name = missingIndexIn(error);
      if (!name) throw error;
      return fault(`the index ${name} is missing`, "npm run db:migrate; see the check tables");
    }
  }),
];

function missingIndexIn(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  return NO_SUCH_INDEX.exec(error.message)?.groups?.name ?? missingIndexIn(error.cause);
}
