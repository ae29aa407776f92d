import { describe, expect, it } from "vitest";
import { BadCursor } from "@/lib/cursor";
import { searchUsers, userById } from "@/lib/users/find";
import { plansOf } from "../../support/plans";
import { aUser } from "../../support/signed-in";
import { change, rows } from "../../support/sql";

async function named(name: string) {
  const user = await aUser();
  await change("UPDATE users SET name = ? WHERE id = ?", [name, user.id]);
  return { ...user, name };
}
const found = async (q: string) => (await searchUsers(q, { limit: 50 })).users.map(({ id }) => id);

describe("searchUsers", () => {
  it("finds a part of user name, email or name, in any letter case", async () => {
    const user = await named("Zoë Quill-Ängström");
    const { username, email } = user;
    for (const q of [username, username.slice(2, 9), email, email.toUpperCase()])
      expect(await found(q)).toEqual([user.id]);
    for (const q of ["quill-ä", "QUILL-ÄNG", "zoë q", "Zoe\u0308 Q"])
      expect(await found(q)).toEqual([user.id]);
    expect(await found("quill-a")).toEqual([]);
  });

  it("takes what was typed as it is", async () => {
    const user = await named("100% Under_score \\ back");
    for (const q of ["100%", "r_s", "\\ b"]) expect(await found(q)).toEqual([user.id]);
    for (const q of ["0% u%e", "unde_"]) expect(await found(q)).toEqual([]);
    expect(await found("' OR 1=1 -- ")).toEqual([]);
  });

  it("goes from the newest on, page by page, while others are added", async () => {
    const made = [await named("Pageperson"), await named("Pageperson"), await named("Pageperson")];
    const first = await searchUsers("pageperson", { limit: 2 });
    await named("Pageperson");
    const cursor = first.nextCursor ?? "";
    const second = await searchUsers("pageperson", { limit: 2, cursor });
    expect(second.nextCursor).toBeNull();
    const met = [...first.users, ...second.users].map(({ id }) => id);
    expect(met).toEqual(made.map(({ id }) => id).toReversed());
  });

  it("AZ-5: gives no hash and no key", async () => {
    const user = await aUser();
    const { users } = await searchUsers(user.username, { limit: 1 });
    expect(Object.keys(users[0] ?? {}).sort()).toEqual([
      "createdAt",
      "email",
      "emailVerifiedAt",
      "factorsChangedAt",
      "id",
      "lastSignInAt",
      "name",
      "passwordIsTemporary",
      "passwordSetAt",
      "role",
      "status",
      "username",
    ]);
  });

  it("AZ-5: finds nobody by what is in their hash", async () => {
    const user = await aUser();
    const [row] = await rows("SELECT password_hash FROM users WHERE id = ?", [user.id]);
    const hash: string = row?.password_hash;
    expect(hash.length).toBeGreaterThan(40);
    for (const part of [hash, hash.slice(0, 14), hash.slice(-8)])
      expect(await found(part), part).toEqual([]);
  });

  it("refuses a cursor that is none of its own", async () => {
    await expect(searchUsers("", { limit: 1, cursor: "W10" })).rejects.toThrow(BadCursor);
  });

  it("RL-12: reads by key, and sorts nothing", async () => {
    const plans = await plansOf(() => searchUsers("a", { limit: 50 }));
    expect(plans.at(-1)).toEqual({ table: "users", key: "PRIMARY", isSorted: false });
  });
});

describe("userById", () => {
  it("gives a user, and null for nobody", async () => {
    const user = await aUser();
    expect(await userById(user.id)).toMatchObject({ ...user, lastSignInAt: null });
    expect(await userById(999_999_999)).toBeNull();
  });
});
