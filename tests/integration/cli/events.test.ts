import { describe, expect, it } from "vitest";
import { eventJson } from "@/lib/api/event";
import { searchEvents } from "@/lib/events/read";
import { endSessionById, endSessionsBy } from "@/lib/session/end";
import { writeSessionData } from "@/lib/session/write";
import { manage, startManage } from "../../support/manage";
import { DEVICE, signedIn } from "../../support/signed-in";
import { change } from "../../support/sql";

const UNKNOWN = "01890000-0000-7000-8000-000000000000";

describe("sessions show", () => {
  it("shows one whole, its data decoded and its events, and nothing that signs in", async () => {
    const { session, user, token } = await signedIn();
    await writeSessionData(session.id, { theme: "dark" });
    const shown = await manage(["sessions", "show", session.id, "--json"]);
    expect(shown).toMatchObject({ code: 0, err: "" });
    expect(shown.json()).toMatchObject({
      session: { id: session.id, data: { theme: "dark" }, endedAt: null },
      user: { username: user.username },
      events: [{ type: "sign_in", sessionId: session.id }],
    });
    expect(shown.out).not.toMatch(/hash|secret/i);
    const told = await manage(["sessions", "show", session.id]);
    for (const fact of [user.username, '{"theme":"dark"}', "sign_in"])
      expect(told.out).toContain(fact);
    expect(told.out).not.toContain(token.secret);
  });

  it("exits with 1 for one that never was, and 2 for what is no id", async () => {
    const none = await manage(["sessions", "show", UNKNOWN]);
    expect(none).toMatchObject({ code: 1, out: "", err: expect.stringContaining("no session") });
    expect(await manage(["sessions", "show", "x"])).toMatchObject({ code: 2, out: "" });
  });
});

describe("sessions why", () => {
  it("says when and why those of a user ended, and who did it", async () => {
    const [one, admin] = [await signedIn(), await signedIn({ role: "admin" })];
    const two = await signedIn({ user: one.user });
    await endSessionById({ id: one.session.id, reason: "password_changed" }, new Date());
    const by = { actor: admin, device: DEVICE, as: "staff" } as const;
    await endSessionsBy(by, { ids: [two.session.id] }, new Date());
    const { code, out } = await manage(["sessions", "why", one.user.email]);
    expect(code).toBe(0);
    expect(out).toContain("The password was changed");
    expect(out).toContain(`Ended by an administrator (${admin.user.username})`);
    const only = await manage(["sessions", "why", two.session.id, "--json"]);
    const reason = "revoked_by_admin";
    const ended = [
      { id: two.session.id, reason, why: `Ended by an administrator (${admin.user.username})` },
    ];
    expect(only.json()).toMatchObject({ user: one.user.username, ended });
    const shown = await manage(["sessions", "show", one.session.id, "--json"]);
    const why = "The password was changed";
    expect(shown.json()).toMatchObject({ session: { reason: "password_changed", why } });
  });

  it("says so when nothing has ended", async () => {
    const { session, user } = await signedIn();
    for (const handle of [session.id, user.username])
      expect((await manage(["sessions", "why", handle])).out).toBe(
        `Nothing has ended: ${handle}.\n`,
      );
  });
});

describe("events list", () => {
  it("narrows by user, type and time, newest first, as one JSON document", async () => {
    const { session, user } = await signedIn();
    await endSessionById({ id: session.id, reason: "revoked" }, new Date());
    const list = ["events", "list", "--user", user.username];
    const { events } = await searchEvents({ userId: user.id }, { limit: 10 });
    const all = await manage([...list, "--json"]);
    expect(all.json()).toEqual({ events: JSON.parse(JSON.stringify(events.map(eventJson))) });
    const ended = await manage([...list, "--type", "session_revoked", "--since", "2020-01-01"]);
    expect(ended.out).toContain('{"reason":"revoked"}');
    expect(ended.out.trim().split("\n")).toHaveLength(2);
    const later = await manage([...list, "--since", "2999-01-01"]);
    expect(later.out).toBe("There are no such events.\n");
  });

  it("narrows by how long ago, and by address", async () => {
    const { session, user } = await signedIn();
    const recent = [...["events", "list", "--user", user.username], "--since", "24h", "--json"];
    const there = await manage([...recent, "--address", session.ipAddress]);
    expect(there.json()).toMatchObject({ events: [{ type: "sign_in" }] });
    const elsewhere = await manage([...recent, "--address", "203.0.113.250"]);
    expect(elsewhere.json()).toEqual({ events: [] });
    await change("UPDATE events SET at = at - INTERVAL 25 HOUR WHERE user_id = ?", [user.id]);
    expect((await manage(recent)).json()).toEqual({ events: [] });
  });

  it("exits with 2 for a type or a time that is none", async () => {
    for (const wrong of [
      ["--type", "x"],
      ["--since", "yesterday"],
      ["--limit", "0"],
    ])
      expect(await manage(["events", "list", ...wrong])).toMatchObject({ code: 2, out: "" });
  });

  it("with --follow tells what happens next, until Ctrl-C", async () => {
    const { session, user } = await signedIn();
    const child = startManage(["events", "list", "--user", user.username, "--follow", "--json"]);
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    const types = () =>
      said
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line).type);
    await expect.poll(types, { timeout: 30_000 }).toEqual(["sign_in"]);
    await endSessionById({ id: session.id, reason: "limit" }, new Date());
    await expect.poll(types, { timeout: 30_000 }).toEqual(["sign_in", "session_revoked"]);
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGINT");
    expect(await ended).toBe(0);
  });
});
