import { beforeAll, expect, test } from "vitest";
import { newUser } from "@/tests/helpers/people";
import { withCookie } from "@/tests/support/asking";
import { signIn } from "@/tests/support/people";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";
import { change } from "@/tests/support/sql";

const PATH = "/admin/events/export";
// Servers let a recursion go no deeper without being asked.
const MOST_AT_ONCE = 500;

let app: SharedApp;
let staff: string;

beforeAll(async () => {
  app = await sharedApp();
  staff = await signIn(app, await newUser({ role: "staff" }));
});

/** A user with so many events of that browser, of one second each. */
async function somebodyWith(count: number, userAgent = "Test/1.0"): Promise<number> {
  const { id } = await newUser();
  for (let made = 0; made < count; made += MOST_AT_ONCE)
    await change(
      `INSERT INTO events (at, type, user_id, ip_address, user_agent)
       WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < ?)
       SELECT utc_timestamp(3) - INTERVAL n + ? SECOND, 'sign_in_failed', ?, '192.0.2.1', ?
       FROM counted`,
      [Math.min(count - made, MOST_AT_ONCE), made, id, userAgent],
    );
  return id;
}

test("LG-3: the log is exported whole, beyond one batch, each event once, as JSON lines", async () => {
  const user = await somebodyWith(2500);
  const response = await app.request(`${PATH}?format=jsonl&user=${user}`, withCookie(staff));
  expect(response.header("content-type")).toContain("application/x-ndjson");
  const events = response.text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(new Set(events.map(({ id }) => id)).size).toBe(2500);
  expect(events.every(({ userId }) => userId === String(user))).toBe(true);
});

test("LG-3: the same filters as the page's narrow the export", async () => {
  const user = await somebodyWith(3);
  const lines = async (query: string) => {
    const { text } = await app.request(`${PATH}?${query}&user=${user}`, withCookie(staff));
    return text.trimEnd().split("\r\n").length - 1;
  };
  expect(await lines("type=sign_in_failed")).toBe(3);
  expect(await lines("type=sign_in")).toBe(0);
  expect(await lines("since=2001-01-01T00:00")).toBe(3);
  expect(await lines("until=2001-01-01T00:00")).toBe(0);
});

test("LG-2: a browser's name cannot become a formula, nor another line, in the CSV", async () => {
  const user = await somebodyWith(1, `=HYPERLINK("http://evil.example")`);
  const { text } = await app.request(`${PATH}?format=csv&user=${user}`, withCookie(staff));
  expect(text.trimEnd().split("\r\n")).toHaveLength(2);
  expect(text).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
});

test("AZ-1: members and strangers get nothing of it", async () => {
  const member = await signIn(app, await newUser());
  expect((await app.request(PATH, withCookie(member))).status).toBe(404);
  const stranger = await app.request(PATH);
  expect(stranger.status).toBe(303);
  expect(stranger.text).not.toContain("sign_in");
});

test("AZ-1: for members there is no console", async () => {
  const member = withCookie(await signIn(app, await newUser()));
  const paths = ["", "/sessions", "/sessions/end", "/users", "/users/1", "/users/new", "/events"];
  for (const path of paths)
    expect((await app.request(`/admin${path}`, member)).status, path).toBe(404);
});
