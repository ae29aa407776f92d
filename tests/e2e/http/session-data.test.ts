import { beforeEach, describe, expect, test } from "vitest";
import { newUser } from "@/tests/helpers/people";
import { postJson, withCookie } from "@/tests/support/asking";
import { signIn } from "@/tests/support/people";
import { change } from "@/tests/support/sql";
import { appOf } from "@/tests/support/two-builds";

const PATH = "/api/test-data";

describe("updateSessionData in a route handler", () => {
  const app = appOf("without the middleware");
  let cookie: string;

  beforeEach(async () => {
    cookie = await signIn(app(), await newUser());
  });

  const write = (body: unknown) => app().request(PATH, withCookie(cookie, postJson(body)));
  const read = async () => (await app().request(PATH, withCookie(cookie))).json();

  test("RL-5: keeps what was written, key by key, and removes what is undefined", async () => {
    expect((await write({ set: { a: 1, b: "😀 \"'\\", c: { d: [null, true] } } })).status).toBe(
      204,
    );
    expect((await write({ set: { a: 2 }, remove: ["c"] })).status).toBe(204);
    expect(await read()).toEqual({ a: 2, b: "😀 \"'\\" });
  });

  test("RL-5: 50 requests at once that write different keys all survive", async () => {
    const keys = Array.from({ length: 50 }, (_, index) => `key${index}`);
    const responses = await Promise.all(keys.map((key) => write({ set: { [key]: key } })));
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([204]));
    expect(Object.keys((await read()) as object).toSorted()).toEqual(keys.toSorted());
  });

  test.each(["throws", "500"])("RL-6: a handler that %s stores nothing", async (outcome) => {
    await write({ set: { kept: 1 } });
    expect((await write({ set: { kept: 2, half: "done" }, outcome })).status).toBe(500);
    expect(await read()).toEqual({ kept: 1 });
  });

  test("RL-6: an answer that is no failure of ours stores what was written before it", async () => {
    expect((await write({ set: { seen: true }, outcome: "404" })).status).toBe(404);
    expect(await read()).toEqual({ seen: true });
  });

  test("RL-5: data that cannot be kept is an error of the handler, and nothing is stored", async () => {
    expect((await write({ set: { ok: 1, "no key": 2 } })).status).toBe(500);
    expect(await read()).toEqual({});
  });

  test("TE-11: nothing is written to a session that has ended", async () => {
    await change(
      "UPDATE sessions SET ended_at = UTC_TIMESTAMP(3), end_reason = 'revoked', secret_hash = NULL",
    );
    expect((await write({ set: { late: true } })).status).toBe(401);
  });
});
