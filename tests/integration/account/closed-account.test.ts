import { afterAll, describe, expect, it } from "vitest";
import {
  changeOwnPassword,
  openForUser,
  setPassword,
  setTemporaryPassword,
} from "@/lib/auth/change-password";
import { changeUser } from "@/lib/auth/change-user";
import { accountOf, isClosed, namesOf } from "@/lib/auth/closed-accounts";
import { proveByName } from "@/lib/auth/methods";
import { passwordForAnother } from "@/lib/auth/password";
import { closeHashingThreads } from "@/lib/auth/password-threads";
import { eraseUser } from "@/lib/auth/personal-data";
import { isRefused } from "@/lib/refused";
import { endSessionById, endSessionsBy } from "@/lib/session/end";
import type { User } from "@/lib/users/user";
import { findWithCredentials } from "@/lib/users/users";
import { PASSWORD } from "@/tests/helpers/people";
import { given } from "../../support/given";
import { manage } from "../../support/manage";
import { byPassword, CLIENT, DEVICE, signedIn } from "../../support/signed-in";
import { number, rows } from "../../support/sql";

afterAll(closeHashingThreads);

const NEW = "another long enough password";

let addresses = 0;
/** A browser that nobody knows, each time from elsewhere. */
const stranger = () => {
  addresses += 1;
  const ipAddress = `192.1.${Math.floor(addresses / 250)}.${addresses % 250}`;
  return { device: { ...DEVICE, ipAddress }, known: null };
};
const tryOnce = (user: User, password: string) =>
  proveByName({ identifier: user.username, ...byPassword(password) }, stranger(), new Date()).then(
    (result) => (isRefused(result) ? result.refused : "in"),
  );

async function closed(): Promise<User> {
  const { user } = await signedIn();
  for (let n = 0; n < 10; n += 1)
    await Promise.all(Array.from({ length: 10 }, () => tryOnce(user, "wrong")));
  expect([await isClosed(user.id), await tryOnce(user, PASSWORD)]).toEqual([true, "throttled"]);
  return user;
}

const openings = async ({ id }: User) => {
  const found = await rows(
    "SELECT actor_id, JSON_UNQUOTE(JSON_EXTRACT(detail, '$.opened')) AS how FROM events WHERE user_id = ? AND type = 'user_updated'",
    [id],
  );
  return found.map(({ actor_id, how }) => [actor_id, how]);
};

describe("a closed account is opened", () => {
  it("AU-15: by an administrator with a fresh proof, who is told of in its event", async () => {
    const [user, admin] = [await closed(), await signedIn({ role: "admin" })];
    expect(await openForUser(user.id, { actor: admin, device: DEVICE }, new Date())).toBe(true);
    expect(await tryOnce(user, PASSWORD)).toBe("in");
    expect(await openings(user)).toEqual([[admin.user.id, "administrator"]]);
  });

  it("AU-15: by nobody whose authority is gone by then", async () => {
    const [user, admin] = [await closed(), await signedIn({ role: "admin" })];
    await endSessionById({ id: admin.session.id, reason: "revoked" }, new Date());
    await expect(
      openForUser(user.id, { actor: admin, device: DEVICE }, new Date()),
    ).rejects.toMatchObject({ why: "signed_out" });
    const staff = await signedIn({ role: "staff" });
    await expect(
      openForUser(user.id, { actor: staff, device: DEVICE }, new Date()),
    ).rejects.toMatchObject({ why: "not_allowed" });
    expect(await isClosed(user.id)).toBe(true);
  });

  it("AU-15: by a new password, one's own and a temporary one", async () => {
    const own = await closed();
    await given(setPassword(own, NEW, new Date()));
    expect([await tryOnce(own, NEW), await openings(own)]).toEqual([
      "in",
      [[null, "new_password"]],
    ]);
    const [other, admin] = [await closed(), await signedIn({ role: "admin" })];
    const made = await given(passwordForAnother());
    await setTemporaryPassword(other.id, made, { actor: admin, device: DEVICE }, new Date());
    expect([await tryOnce(other, made.password), await isClosed(other.id)]).toEqual(["in", false]);
  });

  it("AU-15: by users unlock, which says whether there was anything to open", async () => {
    const user = await closed();
    const unlock = (...more: string[]) => manage(["users", "unlock", user.username, ...more]);
    expect((await unlock()).out).toBe(`${user.username} is open again.\n`);
    expect(await tryOnce(user, PASSWORD)).toBe("in");
    expect((await unlock()).out).toBe(`${user.username} was not closed.\n`);
    const { code, out } = await unlock("--json");
    expect([code, JSON.parse(out)]).toEqual([0, { user: user.username, opened: false }]);
    expect((await manage(["users", "unlock", "nobody-of-that-name"])).code).toBe(1);
  });
});

describe("no browser is known any more", () => {
  const since = async (user: User) => (await findWithCredentials(user.id))?.knownBrowsersSince;

  it("AU-15: after a password change, the end of all others, of all, and a disabling", async () => {
    const [admin, now] = [await signedIn({ role: "admin" }), new Date()];
    const by = { actor: admin, device: DEVICE };
    const people = await Promise.all([1, 2, 3, 4, 5].map(() => signedIn()));
    const [changed, others, all, disabled, untouched] = people;
    if (!changed || !others || !all || !disabled || !untouched) throw new Error("there are five");
    await given(
      changeOwnPassword({ ...changed, given: byPassword(PASSWORD), client: CLIENT }, NEW, now),
    );
    const own = { actor: others, device: DEVICE, as: "owner" } as const;
    await endSessionsBy(own, { except: others.session.id }, now);
    await endSessionsBy({ ...by, as: "staff" }, { userId: all.user.id }, now);
    await changeUser({ userId: disabled.user.id, ...by }, { status: "disabled" }, now);
    for (const { user } of [changed, others, all, disabled]) expect(await since(user)).toEqual(now);
    expect(await since(untouched.user)).toBeNull();
  });
});

it("LG-5: with a person every count goes that names them", async () => {
  const user = await closed();
  const counts = async () => {
    let found = 0;
    for (const name of namesOf(user))
      found += await number(
        "SELECT COUNT(*) FROM throttle WHERE `key` LIKE ? OR `key` LIKE ? OR `key` = ?",
        [`pair:${name} %`, `device%:${name} %`, `account:${name}`],
      );
    return (
      found +
      (await number("SELECT COUNT(*) FROM throttle WHERE `key` = ?", [
        `closed:${accountOf(user.id)}`,
      ]))
    );
  };
  expect(await counts()).toBeGreaterThan(100);
  await eraseUser(user.id, new Date());
  expect(await counts()).toBe(0);
});
