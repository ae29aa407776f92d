import { describe, expect, it } from "vitest";
import { z } from "zod";
import { manage } from "../../support/manage";
import { aUser, eventsOf, signedIn } from "../../support/signed-in";
import { change, number } from "../../support/sql";

const Data = z.object({
  exportedAt: z.iso.datetime(),
  account: z.strictObject({
    id: z.string(),
    username: z.string(),
    email: z.string(),
    emailVerifiedAt: z.iso.datetime().nullable(),
    name: z.string(),
    role: z.string(),
    status: z.string(),
    passwordIsTemporary: z.boolean(),
    passwordSetAt: z.iso.datetime().nullable(),
    factorsChangedAt: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
    lastSignInAt: z.iso.datetime().nullable(),
  }),
  sessions: z.array(z.object({ id: z.uuid(), createdAt: z.iso.datetime() })),
  events: z.array(z.object({ id: z.string(), type: z.string(), byOther: z.boolean() })),
});

const isThere = (id: number) => number("SELECT COUNT(*) FROM users WHERE id = ?", [id]);

describe("users export", () => {
  it("LG-5: prints one JSON document of all that is kept: no hash, and nobody else", async () => {
    const { user, session, token } = await signedIn();
    const staff = await aUser("staff");
    await change(
      "INSERT INTO events (at, type, user_id, actor_id, ip_address) VALUES (UTC_TIMESTAMP(3) + INTERVAL 1 SECOND, 'user_updated', ?, ?, '192.0.2.99')",
      [user.id, staff.id],
    );
    const ended = await manage(["users", "export", user.email]);
    expect(ended).toMatchObject({ code: 0, err: "" });
    const data = Data.parse(ended.json());
    expect(data.account).toMatchObject({ id: String(user.id), username: user.username });
    expect(data.sessions.map(({ id }) => id)).toEqual([session.id]);
    expect(data.events).toMatchObject([
      { type: "user_updated", byOther: true },
      { type: "sign_in", byOther: false },
    ]);
    expect(ended.out).not.toMatch(/hash|gatehouse1|secret/i);
    expect(ended.out).not.toContain(token.secret);
    // Who else acted on the account is another person.
    expect(ended.out).not.toMatch(/192\.0\.2\.99|actorId/);
  });
});

describe("users erase", () => {
  it("LG-5: erases, and says what", async () => {
    const { user, session } = await signedIn();
    const ended = await manage(["users", "erase", user.username, "--yes", "--json"]);
    expect(ended).toMatchObject({ code: 0, err: "" });
    expect(ended.json()).toEqual({ user: user.username, sessions: 1, events: 1 });
    expect(await isThere(user.id)).toBe(0);
    expect(await eventsOf(session.id)).toEqual([]);
  });

  it("AZ-10: exits with 1 for the last active administrator, unless it is forced", async () => {
    const { id, username } = await aUser("admin");
    const ended = await manage(["users", "erase", username, "--yes"]);
    expect(ended).toMatchObject({ code: 1, out: "", err: expect.stringContaining("last active") });
    expect(await isThere(id)).toBe(1);
    const forced = await manage(["users", "erase", username, "--yes", "--force"]);
    expect([forced.code, await isThere(id)]).toEqual([0, 0]);
  });
});
