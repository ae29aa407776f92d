import { beforeAll, describe, expect, test } from "vitest";
import { newUser } from "@/tests/helpers/people";
import { withCookie } from "@/tests/support/asking";
import { signIn } from "@/tests/support/people";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";
import { change } from "@/tests/support/sql";

let app: SharedApp;
let staff: string;
let member: string;

beforeAll(async () => {
  app = await sharedApp();
  staff = await signIn(app, await newUser({ role: "staff" }));
  const user = await newUser();
  member = await signIn(app, user);
  await signIn(app, user);
  await change(
    "UPDATE sessions SET last_activity_at = last_activity_at - INTERVAL 2 HOUR WHERE user_id = ?",
    [user.id],
  );
});

const open = (query: string, cookie = staff) =>
  app.request(`/admin/policy${query}`, withCookie(cookie));
/** The numbers of a row of the table. */
const rowOf = (html: string, role: string) => {
  const row = html.match(/<tr.*?<\/tr>/gs)?.find((each) => each.includes(`>${role}<`)) ?? "";
  return [...row.matchAll(/>(\d+)<\/td>/g)].map(([, count]) => Number(count));
};

describe("TO-7: the page of limits to try", () => {
  test("is there for staff, and for no member", async () => {
    expect((await open("")).status).toBe(200);
    expect((await open("?idle=1h", member)).status).toBe(404);
  });

  test("shows by role what they would do, and keeps what was typed", async () => {
    const { text } = await open("?idle=1h&limit=1");
    expect(rowOf(text, "Member")).toEqual([2, 2, 2, 0, 1]);
    expect(rowOf(text, "Staff")).toEqual([1, 0, 1, 1, 0]);
    expect(rowOf(text, "Everybody")).toEqual([3, 2, 3, 1, 1]);
    expect(text).toContain('value="1h"');
  });

  test("says what is wrong, and counts nothing", async () => {
    const { text, status } = await open("?idle=soon&limit=3");
    expect(status).toBe(200);
    expect(text).toContain("Give a time such as 30m, 24h or 14d.");
    expect(text).toContain('value="soon"');
    expect(rowOf(text, "Everybody")).toEqual([]);
  });

  test("nothing typed shows no table", async () => {
    expect(rowOf((await open("?idle=&absolute=")).text, "Everybody")).toEqual([]);
  });
});
