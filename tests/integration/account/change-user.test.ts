import { describe, expect, it } from "vitest";
import { addUser, changeUser } from "@/lib/auth/change-user";
import { passwordForAnother } from "@/lib/auth/password";
import { findPasswordHash } from "@/lib/users/users";
import { newUser } from "@/tests/helpers/people";
import { given } from "../../support/given";
import { aUser, rowOf, signedIn, withoutEvents } from "../../support/signed-in";
import { change, rows } from "../../support/sql";

const now = () => new Date();

async function eventsOf(userId: number) {
  return rows("SELECT type, actor_id, detail FROM events WHERE user_id = ? ORDER BY id", [userId]);
}
const parsed = (detail: unknown) => (typeof detail === "string" ? JSON.parse(detail) : detail);
const userRow = async (id: number) =>
  (await rows("SELECT name, email, role, status FROM users WHERE id = ?", [id]))[0];

/** Administrators of this test alone, signed in: the database's others step back for it. */
async function administrators(count: number) {
  await change("UPDATE users SET role = 'staff' WHERE role = 'admin'");
  return Promise.all(Array.from({ length: count }, () => signedIn({ role: "admin" })));
}

describe("changeUser", () => {
  it("changes what is given, leaves the rest, and tells which fields by name alone", async () => {
    const [user, admin] = [await aUser(), await signedIn({ role: "admin" })];
    const email = `new-${user.email}`;
    const by = { userId: user.id, actor: admin };
    const changed = await changeUser(by, { name: "New Name", email }, now());
    expect(changed).toEqual({ user: { ...user, name: "New Name", email }, ended: 0 });
    expect(await userRow(user.id)).toMatchObject({ name: "New Name", email, role: "member" });
    const [event, ...more] = await eventsOf(user.id);
    expect(more).toEqual([]);
    expect(event).toMatchObject({ type: "user_updated", actor_id: admin.user.id });
    expect(parsed(event?.detail)).toEqual({ fields: ["name", "email"] });
  });

  it("LG-1: each kind of change is an event of its own", async () => {
    const user = await aUser();
    const wanted = { role: "staff", status: "disabled" } as const;
    await changeUser({ userId: user.id }, wanted, now());
    await changeUser({ userId: user.id }, { status: "active" }, now());
    const told = (await eventsOf(user.id)).map(({ type, detail }) => [type, parsed(detail)]);
    expect(told).toEqual([
      ["user_updated", { fields: ["role"], role: "staff" }],
      ["user_disabled", {}],
      ["user_enabled", {}],
    ]);
  });

  it("what is as wanted already is no event, and marks no session", async () => {
    const { user, session } = await signedIn();
    const same = { name: user.name, email: user.email, role: user.role, status: user.status };
    expect(await changeUser({ userId: user.id }, same, now())).toEqual({ user, ended: 0 });
    expect((await eventsOf(user.id)).map(({ type }) => type)).toEqual(["sign_in"]);
    expect((await rowOf(session.id))?.rotation_due).toBe(0);
  });

  it("refuses an email that somebody has, in any letter case, and changes nothing", async () => {
    const [user, other] = [await aUser(), await aUser()];
    const wanted = { name: "Other", email: other.email.toUpperCase() };
    const refused = await changeUser({ userId: user.id }, wanted, now());
    expect(refused).toEqual({ refused: "duplicate_user", fields: ["email"] });
    expect(await userRow(user.id)).toMatchObject({ name: user.name, email: user.email });
    expect(await eventsOf(user.id)).toEqual([]);
  });

  it("refuses where there is nobody", async () => {
    const nobody = await changeUser({ userId: 999_999_999 }, { name: "x" }, now());
    expect(nobody).toEqual({ refused: "no_such_user", userId: 999_999_999 });
  });

  it("TE-12: where the events cannot be written nothing has changed", async () => {
    const { user, session } = await signedIn();
    const disabling = () => changeUser({ userId: user.id }, { status: "disabled" }, now());
    await withoutEvents(() => expect(disabling()).rejects.toThrow());
    expect(await userRow(user.id)).toMatchObject({ status: "active" });
    expect((await rowOf(session.id))?.ended_at).toBeNull();
  });
});

describe("AU-6: administrators", () => {
  it.each([{ role: "staff" }, { status: "disabled" }] as const)(
    "nobody can do %j to themselves",
    async (wanted) => {
      const [one] = await administrators(2);
      if (!one) throw new Error("two were made");
      const refused = await changeUser({ userId: one.user.id, actor: one }, wanted, now());
      expect(refused).toEqual({ refused: "own_rights", field: Object.keys(wanted)[0] });
      expect(await userRow(one.user.id)).toMatchObject({ role: "admin", status: "active" });
    },
  );

  it("one can change their own name", async () => {
    const [one] = await administrators(1);
    if (!one) throw new Error("one was made");
    const changed = await changeUser({ userId: one.user.id, actor: one }, { name: "N" }, now());
    expect(changed).toMatchObject({ user: { name: "N" } });
  });

  it("the last active one stays", async () => {
    const [one] = await administrators(1);
    if (!one) throw new Error("one was made");
    const change = { userId: one.user.id, actor: one };
    const refused = await changeUser(change, { role: "member" }, now());
    expect(refused).toEqual({ refused: "last_administrator", field: "role" });
    expect(await userRow(one.user.id)).toMatchObject({ role: "admin" });
  });

  it("AZ-10: one who has never set a password of their own is nobody to rely on", async () => {
    const [one] = await administrators(1);
    if (!one) throw new Error("one was made");
    const temporary = await newUser({ role: "admin", temporarySince: now() });
    const change = { userId: one.user.id };
    expect(await changeUser(change, { status: "disabled" }, now())).toMatchObject({
      refused: "last_administrator",
    });
    const other = { userId: temporary.id, actor: one };
    await expect(changeUser(other, { role: "member" }, now())).resolves.toMatchObject({
      user: { role: "member" },
    });
  });

  it.each([
    ["was invited and has no password yet", "password_hash = '!'"],
    ["has Django's mark of no password", "password_hash = '!abcdefghij'"],
    ["has closed their account", "erase_at = UTC_TIMESTAMP() + INTERVAL 7 DAY"],
  ])("AZ-10: one who %s is nobody to rely on", async (_, is) => {
    const [one, other] = await administrators(2);
    if (!one || !other) throw new Error("two were made");
    await change(`UPDATE users SET ${is} WHERE id = ?`, [other.user.id]);
    const refused = await changeUser({ userId: one.user.id }, { status: "disabled" }, now());
    expect(refused).toMatchObject({ refused: "last_administrator" });
  });

  it("of two that demote one another at once one stays", async () => {
    for (let round = 0; round < 5; round += 1) {
      const [one, two] = await administrators(2);
      if (!one || !two) throw new Error("two were made");
      const done = await Promise.allSettled([
        changeUser({ userId: two.user.id, actor: one }, { role: "member" }, now()),
        changeUser({ userId: one.user.id, actor: two }, { status: "disabled" }, now()),
      ]);
      expect(done.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      const left = await rows("SELECT id FROM users WHERE role = 'admin' AND status = 'active'");
      expect(left).toHaveLength(1);
    }
  });
});

describe("addUser", () => {
  it("adds somebody with a password that is random, and kept as a hash alone", async () => {
    const input = { username: `n${Date.now()}`, email: `n${Date.now()}@example.com`, name: "" };
    const actor = await signedIn({ role: "admin" });
    const by = { actor, device: { ipAddress: "192.0.2.8", userAgent: "Test/1" } };
    const made = await given(passwordForAnother());
    const { password } = made;
    const user = await given(addUser({ ...input, role: "staff" }, made, by, now()));
    expect(user).toMatchObject({ ...input, role: "staff", status: "active" });
    expect(password).toMatch(/^([a-z2-9]{5}-){4}[a-z2-9]{5}$/);
    expect(await findPasswordHash(user.id)).not.toContain(password);
    const [event] = await eventsOf(user.id);
    expect(event).toMatchObject({ type: "user_created", actor_id: actor.user.id });
    expect(JSON.stringify(event)).not.toContain(password);
  });
});
