import { describe, expect, it } from "vitest";
import { endSessionById } from "@/lib/session/end";
import { countLive } from "@/lib/session/list";
import { resumeSession } from "@/lib/session/resume";
import { manage, startAtTerminal } from "../../support/manage";
import { eventsOf, setColumn, signedIn } from "../../support/signed-in";
import { change } from "../../support/sql";

const FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:141.0) Gecko/20100101 Firefox/141.0";

const stateOf = async ({ token }: Awaited<ReturnType<typeof signedIn>>) => {
  const resumed = await resumeSession(token, new Date());
  return resumed.state === "over" ? resumed.reason : resumed.state;
};

describe("sessions count", () => {
  it("counts those that are live, and no others", async () => {
    await change("DELETE FROM sessions");
    const some = [await signedIn(), await signedIn(), await signedIn()];
    await setColumn(some[0]?.session.id ?? "", "expires_at", new Date(Date.now() - 1));
    expect(await manage(["sessions", "count"])).toMatchObject({ code: 0, out: "2\n", err: "" });
  });
});

describe("sessions list", () => {
  it("SID-4: prints handles and people, and nothing that signs in", async () => {
    const it = await signedIn();
    const ended = await manage(["sessions", "list", "--user", it.user.username]);
    expect(ended.code).toBe(0);
    expect(ended.out).toContain(it.session.id);
    expect(ended.out).toContain(it.user.username);
    expect(ended.out).not.toContain(it.token.secret);
  });

  it("narrows by user and --limit, newest activity first, as one JSON document", async () => {
    const before = await signedIn({ now: new Date(Date.now() - 60_000) });
    const { session, user } = await signedIn({ user: before.user });
    await signedIn();
    const words = [
      "sessions",
      "list",
      "--user",
      user.email.toUpperCase(),
      "--limit",
      "1",
      "--json",
    ];
    const { out, json } = await manage(words);
    expect(json()).toEqual({
      sessions: [
        expect.objectContaining({
          id: session.id,
          user: user.username,
          signedInAt: session.createdAt.toISOString(),
          expiresAt: session.expiresAt.toISOString(),
        }),
      ],
    });
    expect(out).not.toMatch(/secret|hash/i);
  });
});

describe("sessions list at a terminal of 80 columns", () => {
  it("cuts nothing: the id, the device in words, how long ago", async () => {
    const { session, user } = await signedIn();
    await setColumn(session.id, "user_agent", FIREFOX);
    await setColumn(session.id, "last_activity_at", new Date(Date.now() - 180_000));
    const there = startAtTerminal(["sessions", "list", "--user", user.username]);
    expect(await there.code).toBe(0);
    const lines = there.shown().split("\r\n");
    expect(lines[2]).toContain(session.id);
    expect(lines[2]).toContain(user.username);
    expect(lines.join(" ")).toMatch(/3 minutes ago .*Firefox 141 on Windows/);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});

describe("sessions show at a terminal of 80 columns", () => {
  it("has each fact beside its name, however long another one is", async () => {
    const { session } = await signedIn();
    await setColumn(session.id, "user_agent", `${FIREFOX} ${"x".repeat(100)}`);
    const there = startAtTerminal(["sessions", "show", session.id]);
    expect(await there.code).toBe(0);
    expect(there.shown()).toMatch(new RegExp(`^id +${session.id}\\r$`, "m"));
    expect(there.shown()).toMatch(/^device +Firefox 141 on Windows\r$/m);
    expect(there.shown()).toContain("x".repeat(100));
  });
});

describe("sessions revoke", () => {
  it("TE-9: ends one by its id, with reason revoked_by_admin and an event", async () => {
    const [one, other] = [await signedIn(), await signedIn()];
    const ended = await manage(["sessions", "revoke", one.session.id, "--json"]);
    expect(ended).toMatchObject({ code: 0, err: "" });
    expect(ended.json()).toEqual({ ended: 1 });
    expect([await stateOf(one), await stateOf(other)]).toEqual(["revoked_by_admin", "live"]);
    expect(await eventsOf(one.session.id)).toContain("session_revoked revoked_by_admin");
  });

  it("exits with 1 for one that is over already, and changes nothing", async () => {
    const it = await signedIn();
    await endSessionById({ id: it.session.id, reason: "signed_out" }, new Date());
    const reason = expect.stringContaining("no live session");
    const ended = await manage(["sessions", "revoke", it.session.id]);
    expect(ended).toMatchObject({ code: 1, out: "", err: reason });
    expect(await stateOf(it)).toBe("signed_out");
    expect(await eventsOf(it.session.id)).toHaveLength(2);
  });

  it("TE-9: ends all of a user and nobody else's", async () => {
    const one = await signedIn();
    const two = await signedIn({ user: one.user });
    const other = await signedIn();
    const ended = await manage(["sessions", "revoke", "--user", one.user.email, "--json"]);
    expect(ended.json()).toEqual({ ended: 2 });
    expect([await stateOf(one), await stateOf(two), await stateOf(other)]).toEqual([
      "revoked_by_admin",
      "revoked_by_admin",
      "live",
    ]);
  });

  it("asks at a terminal whether --all is meant, and does nothing without a yes", async () => {
    const it = await signedIn();
    const refused = startAtTerminal(["sessions", "revoke", "--all"]);
    await refused.type("This signs everybody out", "y");
    expect(await refused.code).toBe(1);
    expect(refused.shown()).toContain("Nothing was done.");
    // What wipes the line comes before the question, not after it.
    const question = refused.shown().indexOf("Type yes");
    expect(refused.shown().slice(question)).not.toContain("\u001b[0J");
    expect(await stateOf(it)).toBe("live");
    const meant = startAtTerminal(["sessions", "revoke", "--all"]);
    await meant.type("This signs everybody out", "yes");
    expect(await meant.code).toBe(0);
    expect(await stateOf(it)).toBe("reset");
    const unasked = startAtTerminal(["sessions", "revoke", "--all", "--yes"]);
    expect(await unasked.code).toBe(0);
    expect(unasked.shown()).toMatch(/^Ended \d+ session/);
  });

  it("TE-9: --all ends everybody's, with reason reset", async () => {
    const some = [await signedIn(), await signedIn()];
    const ended = await manage(["sessions", "revoke", "--all"]);
    expect(ended).toMatchObject({ code: 0, out: expect.stringMatching(/^Ended \d+ session/) });
    for (const each of some) expect(await stateOf(each)).toBe("reset");
    expect(await countLive(new Date())).toBe(0);
  });
});
