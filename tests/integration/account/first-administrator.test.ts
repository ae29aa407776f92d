import { afterAll, expect, it } from "vitest";
import { administratorWhoCanSignIn, createFirstAdministrator } from "@/lib/auth/change-user";
import { proveByName } from "@/lib/auth/methods";
import { closeHashingThreads } from "@/lib/auth/password-threads";
import { WRONG } from "@/lib/auth/throttle";
import { newUser } from "@/tests/helpers/people";
import { byPassword, CLIENT } from "../../support/signed-in";
import { change, number, rows } from "../../support/sql";

afterAll(closeHashingThreads);

it("AU-6: a migrated database holds no account", async () => {
  expect(await number("SELECT COUNT(*) FROM users")).toBe(0);
});

it("AU-6: an empty database gets one administrator, with a random password", async () => {
  const made = await createFirstAdministrator();
  expect(made?.username).toBe("admin");
  const credentials = { identifier: "admin", ...byPassword(made?.password ?? "") };
  expect(await proveByName(credentials, CLIENT, new Date())).toMatchObject({
    user: { role: "admin", passwordIsTemporary: false },
  });
  for (const guess of ["admin", "password", "gatehouse", ""])
    expect(await proveByName({ ...credentials, ...byPassword(guess) }, CLIENT, new Date())).toEqual(
      WRONG,
    );
  await change("DELETE FROM users");
  expect((await createFirstAdministrator())?.password).not.toBe(made?.password);
});

it("AU-6: where somebody is already, nobody is made", async () => {
  await change("DELETE FROM users");
  await newUser();
  expect(await createFirstAdministrator()).toBeNull();
  expect(await rows("SELECT username FROM users WHERE role = 'admin'")).toEqual([]);
});

it("nobody can sign in where administrators are disabled or have no password", async () => {
  await change("DELETE FROM users");
  expect(await administratorWhoCanSignIn()).toBeNull();
  await newUser();
  const [unusable, disabled] = [await newUser({ role: "admin" }), await newUser({ role: "admin" })];
  await change("UPDATE users SET password_hash = '!' WHERE id = ?", [unusable.id]);
  await change("UPDATE users SET status = 'disabled' WHERE id = ?", [disabled.id]);
  expect(await administratorWhoCanSignIn()).toBeNull();
  const admin = await newUser({ role: "admin" });
  expect(await administratorWhoCanSignIn()).toBe(admin.username);
});
