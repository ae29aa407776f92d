// The attack: an administrator sends the headers of a request and one byte of its body, loses the
// authority to it, and sends the rest. It has failed where nobody was added. While the app runs:
//   node scripts/run.mjs tests/attacks/held-request.ts --port 3000 --hold 20
// It makes administrators of its own in the app's database, and erases them afterwards.
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { eraseUser } from "@/lib/auth/personal-data";
import { Connection } from "@/scripts/manage/connection";
import { runProgram } from "@/scripts/program";
import { type ApiUser, apiUser } from "@/tests/support/api";
import { FROM_HERE } from "@/tests/support/asking";
import { hiddenFields, multipart } from "@/tests/support/forms";
import { makeProofOld } from "@/tests/support/people";
import {
  type Asking,
  holdRequest,
  type RawResponse,
  rawRequest,
} from "@/tests/support/raw-request";
import { change, number } from "@/tests/support/sql";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "3000" },
    hold: { type: "string", default: "20" },
  },
});
const port = Number(values.port);
const holdMs = Number(values.hold) * 1000;
const app = {
  request: (path: string, asking?: Asking) => rawRequest(port, path, asking),
};

/** What is sent; the body begins the same for all. */
interface Sent {
  readonly path: string;
  readonly username: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

const LOSSES: Record<string, (actor: ApiUser) => Promise<unknown>> = {
  nothing: async () => {},
  disabled: onUser("status = 'disabled'"),
  "demoted to staff": onUser("role = 'staff'"),
  "demoted to member": onUser("role = 'member'"),
  "signed out": (actor) => actor.send("DELETE", "/api/session"),
  revoked: ({ id }) =>
    change(
      `UPDATE sessions SET ended_at = UTC_TIMESTAMP(3), end_reason = 'revoked_by_admin',
         secret_hash = NULL WHERE user_id = ?`,
      [id],
    ),
  "proof aged": makeProofOld,
};

function onUser(assignment: string) {
  return ({ id }: ApiUser) => change(`UPDATE users SET ${assignment} WHERE id = ?`, [id]);
}

function newcomer() {
  const username = `attack${crypto.randomUUID().slice(0, 8)}`;
  return { username, email: `${username}@example.com`, name: "", role: "admin" };
}

async function json(): Promise<Sent> {
  const wanted = newcomer();
  const headers = { "Content-Type": "application/json" };
  const body = JSON.stringify(wanted);
  return { path: "/api/admin/users", username: wanted.username, headers, body };
}

async function form(actor: ApiUser): Promise<Sent> {
  const path = "/admin/users/new";
  const wanted = newcomer();
  const hidden = hiddenFields((await actor.get(path)).text, "Add the user");
  return { path, username: wanted.username, ...multipart([...hidden, ...Object.entries(wanted)]) };
}

const KINDS = { "JSON, POST /api/admin/users": json, "form, /admin/users/new": form };

interface Row {
  readonly request: string;
  readonly meanwhile: string;
  readonly "held s": number;
  readonly response: string;
  readonly added: number;
}

const made: ApiUser[] = [];

/** Sends one request in two parts; `finishes` false holds the second back for ever. */
async function attack(
  kind: keyof typeof KINDS,
  meanwhile: string,
  finishes: boolean,
): Promise<Row> {
  const actor = await apiUser(app, { role: "admin" });
  made.push(actor);
  const { path, username, headers, body } = await KINDS[kind](actor);
  const sent = { ...FROM_HERE, ...headers, Cookie: actor.cookie };
  const begun = performance.now();
  const held = await holdRequest(port, path, { headers: sent, body });
  if (finishes) {
    await wait(holdMs / 2);
    await LOSSES[meanwhile]?.(actor);
    await wait(holdMs / 2);
  }
  const response = await (finishes ? held.finish() : held.unfinished).catch(String);
  const heldMs = performance.now() - begun;
  const added = await number("SELECT COUNT(*) FROM users WHERE username = ?", [username]);
  return {
    request: kind,
    meanwhile: finishes ? meanwhile : "never finished",
    "held s": Math.round(heldMs / 1000),
    response: responseWords(response),
    added,
  };
}

function responseWords(response: RawResponse | string): string {
  if (typeof response === "string") return response;
  const location = response.header("location");
  return location ? `${response.status} to ${location.split("?")[0]}` : String(response.status);
}

await runProgram(async (stop) => {
  const connection = new Connection(stop);
  await connection.open();
  try {
    const kinds = ["JSON, POST /api/admin/users", "form, /admin/users/new"] as const;
    const rows = await Promise.all(
      kinds.flatMap((kind) => [
        ...Object.keys(LOSSES).map((meanwhile) => attack(kind, meanwhile, true)),
        attack(kind, "nothing", false),
      ]),
    );
    console.table(rows);
    const bad = rows.filter(({ meanwhile, added }) => added > 0 !== (meanwhile === "nothing"));
    console.log(
      bad.length === 0 ? "The attack fails." : `${bad.length} rows are not as they must be.`,
    );
    return bad.length === 0 ? 0 : 1;
  } finally {
    for (const { id } of made) await eraseUser(id, new Date(), { force: true });
    await change("DELETE FROM users WHERE username LIKE 'attack________'");
    await connection.close();
  }
});
