import { describe, expect, test } from "vitest";
import { newUser, PASSWORD } from "@/tests/helpers/people";
import { FROM_HERE, postJson, withCookie } from "@/tests/support/asking";
import { signIn } from "@/tests/support/people";
import { number } from "@/tests/support/sql";
import { appOf } from "@/tests/support/two-builds";

// That build has a hook of the tests' own, as a team would write one.
const app = appOf("without the middleware");

const heard = (userId: number) =>
  app()
    .log()
    .split("\n")
    .filter((line) => line.includes('"heard"') && line.includes(`"userId":${userId}`))
    .map((line) => JSON.parse(line).heard);

describe("a team's own onEvent", () => {
  test("LG-1: hears of each event once, with the request it belongs to", async () => {
    const user = await newUser();
    await signIn(app(), user);
    await app().request("/api/session", postJson({ identifier: user.email, password: "wrong" }));
    await expect.poll(() => heard(user.id)).toEqual(["sign_in", "sign_in_failed"]);
    const line =
      app()
        .log()
        .split("\n")
        .find((each) => each.includes(`"userId":${user.id}`)) ?? "";
    expect(JSON.parse(line).request).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("LG-1: its failure is logged and fails no request", async () => {
    const user = await newUser();
    const cookie = await signIn(app(), user);
    const asking = withCookie(cookie, { method: "DELETE", headers: FROM_HERE });
    expect((await app().request("/api/session", asking)).status).toBe(204);
    await expect.poll(() => app().log()).toContain("the mail server is away");
    const ended = "SELECT COUNT(*) FROM sessions WHERE user_id = ? AND ended_at IS NOT NULL";
    expect(await number(ended, [user.id])).toBe(1);
  });

  test("LG-1: hears nothing of what was not done", async () => {
    const user = await newUser();
    const asking = postJson({ identifier: user.email, password: PASSWORD }, {});
    expect((await app().request("/api/session", asking)).status).toBe(403);
    await signIn(app(), user);
    await expect.poll(() => heard(user.id)).toEqual(["sign_in"]);
  });
});
