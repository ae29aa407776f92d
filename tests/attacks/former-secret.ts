// The attack: a thief has copied an administrator's cookie. The administrator proves the password,
// by which their browser gets a new secret, and at once the thief tries to make an administrator of
// their own with the copy: the proof must not be theirs, too. It has failed where nobody was added,
// and neither the right browser's session nor its cookie suffered. While the app runs:
//   node scripts/run.mjs tests/attacks/former-secret.ts --port 3000
// It makes administrators of its own in the app's database, and erases them afterwards.
import { parseArgs } from "node:util";
import { eraseUser } from "@/lib/auth/personal-data";
import { Connection } from "@/scripts/manage/connection";
import { runProgram } from "@/scripts/program";
import { type ApiUser, apiUser } from "@/tests/support/api";
import { FROM_HERE, postJson, withCookie } from "@/tests/support/asking";
import { hiddenFields, multipart } from "@/tests/support/forms";
import { makeProofOld } from "@/tests/support/people";
import { type Asking, type RawResponse, rawRequest } from "@/tests/support/raw-request";
import { change, number } from "@/tests/support/sql";

const { values } = parseArgs({ options: { port: { type: "string", default: "3000" } } });
const port = Number(values.port);
const app = {
  request: (path: string, asking?: Asking) => rawRequest(port, path, asking),
};

const ADD = "/admin/users/new";
const PROOF = "/api/session/reauthentication";

interface Cookies {
  /** What the thief has. */
  readonly copy: string;
  /** What the right browser has got. */
  readonly fresh: string;
}

/** What is tried in the name of an administrator, with the name of whom it would make. */
type Try = (cookies: Cookies, username: string) => Promise<RawResponse>;

const TRIES: Record<string, Try> = {
  "JSON, POST /api/admin/users": ({ copy }, username) =>
    app.request("/api/admin/users", withCookie(copy, postJson(newcomer(username)))),
  "form, /admin/users/new": async ({ copy, fresh }, username) =>
    app.request(ADD, withCookie(copy, await filledForm(fresh, username))),
  "JSON, after asking for a new secret at /session/renew": async ({ copy }, username) => {
    const renewed = cookieOf(await app.request("/session/renew", withCookie(copy)), copy);
    return app.request("/api/admin/users", withCookie(renewed, postJson(newcomer(username))));
  },
  "the right browser itself": ({ fresh }, username) =>
    app.request("/api/admin/users", withCookie(fresh, postJson(newcomer(username)))),
};

const newcomer = (username: string) => ({
  username,
  email: `${username}@example.com`,
  name: "",
  role: "admin",
});

// The form's hidden fields tell who may send it nothing: the thief could have kept them.
async function filledForm(cookie: string, username: string): Promise<Asking> {
  const { text } = await app.request(ADD, withCookie(cookie));
  const typed = Object.entries(newcomer(username));
  const { headers, body } = multipart([...hiddenFields(text, "Add the user"), ...typed]);
  return { method: "POST", headers: { ...headers, ...FROM_HERE }, body };
}

function cookieOf({ setCookies }: RawResponse, otherwise: string): string {
  return setCookies[0]?.split(";")[0] || otherwise;
}

const made: ApiUser[] = [];

interface Row {
  readonly how: string;
  readonly response: number;
  readonly added: number;
  readonly "the right browser afterwards": number;
}

async function attack(how: string, attempt: Try): Promise<Row> {
  const administrator = await apiUser(app, { role: "admin" });
  made.push(administrator);
  await makeProofOld(administrator);
  const copy = administrator.cookie;
  const proof = await administrator.send("POST", PROOF, { password: administrator.password });
  const username = `attack${crypto.randomUUID().slice(0, 8)}`;
  const fresh = cookieOf(proof, copy);
  const response = await attempt({ copy, fresh }, username);
  const added = await number("SELECT COUNT(*) FROM users WHERE username = ?", [username]);
  const own = await app.request("/api/session", withCookie(fresh));
  return { how, response: response.status, added, "the right browser afterwards": own.status };
}

await runProgram(async (stop) => {
  const connection = new Connection(stop);
  await connection.open();
  try {
    const rows: Row[] = [];
    for (const [how, attempt] of Object.entries(TRIES)) rows.push(await attack(how, attempt));
    console.table(rows);
    const isAsItMustBe = ({ how, added, ...row }: Row) =>
      added > 0 === (how === "the right browser itself") &&
      row["the right browser afterwards"] === 200;
    const bad = rows.filter((row) => !isAsItMustBe(row));
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
