// A no is a value, and yet it rolls back: both for each kind, and for each verb that may say it.
import { expect, it } from "vitest";
import { openForUser, setTemporaryPassword } from "@/lib/auth/change-password";
import { addUser, changeUser } from "@/lib/auth/change-user";
import { passwordForAnother, writePassword } from "@/lib/auth/password";
import { eraseUser } from "@/lib/auth/personal-data";
import { inTransaction, type Transaction } from "@/lib/db/transaction";
import { endSessionsBy } from "@/lib/session/end";
import {
  lastAdministrator,
  lockingOut,
  outranked,
  ownAccount,
  type UserRefusal,
} from "@/lib/users/refusals";
import { createInTransaction, lockAdministrators, lockUser } from "@/lib/users/users";
import { ESTABLISHED } from "@/tests/helpers/people";
import { given } from "../../support/given";
import { DEVICE, type SignedIn, signedIn } from "../../support/signed-in";
import { change, rows, sumsOfAllTables } from "../../support/sql";

const NOBODY = 999_999_999;
const now = () => new Date();

/** One of each role; the administrator is the only one there is, if not said otherwise. */
interface Scene {
  readonly admin: SignedIn;
  readonly staff: SignedIn;
  readonly member: SignedIn;
}

async function scene({ isOnly = true } = {}): Promise<Scene> {
  await change("UPDATE users SET role = 'staff' WHERE role = 'admin'");
  if (!isOnly) await signedIn({ role: "admin" });
  return {
    admin: await signedIn({ role: "admin" }),
    staff: await signedIn({ role: "staff" }),
    member: await signedIn(),
  };
}

const person = ({ username, email }: SignedIn["user"]) =>
  ({ username, email, name: "", role: "member", passwordHash: "none" }) as const;

type Saying = (transaction: Transaction, of: Scene) => Promise<unknown>;

const KINDS: Record<UserRefusal["refused"], Saying> = {
  duplicate_user: (transaction, { member }) =>
    createInTransaction(transaction, person(member.user), now()),
  no_such_user: (transaction) => lockUser(transaction, NOBODY),
  last_administrator: async (transaction, { admin: { user } }) =>
    lastAdministrator(user, await lockAdministrators(transaction)),
  own_rights: async (transaction, { admin: { user }, member }) => {
    const administrators = [...(await lockAdministrators(transaction)), member.user.id];
    return lockingOut(user.id, user, { ...user, role: "staff" }, administrators);
  },
  own_account: async (_transaction, { member }) => ownAccount(member.user.id, member.user.id),
  outranked: async (_transaction, { admin, member }) => outranked(member.user, [admin.user]),
};

it.each(Object.entries(KINDS))("%s rolls back what was written before it", async (kind, say) => {
  const of = await scene();
  const { id } = of.member.user;
  const said = await inTransaction(async (transaction) => {
    const fresh = { ...ESTABLISHED, passwordHash: "fresh", passwordSetAt: now() };
    await writePassword(transaction, id, fresh);
    return say(transaction, of);
  });
  expect(said).toMatchObject({ refused: kind });
  const [row] = await rows("SELECT password_hash FROM users WHERE id = ?", [id]);
  expect(row?.password_hash).not.toBe("fresh");
});

const by = (actor: SignedIn) => ({ actor, device: DEVICE });
const asStaff = (actor: SignedIn) => ({ ...by(actor), as: "staff" }) as const;

const VERBS: [string, UserRefusal["refused"], (of: Scene) => Promise<unknown>][] = [
  [
    "addUser",
    "duplicate_user",
    async ({ admin, member }) =>
      addUser(
        { ...person(member.user), email: "free@example.com" },
        await given(passwordForAnother()),
        by(admin),
        now(),
      ),
  ],
  [
    "changeUser",
    "duplicate_user",
    ({ admin, member }) =>
      changeUser(
        { ...by(admin), userId: member.user.id },
        { email: admin.user.email, name: "New", status: "disabled" },
        now(),
      ),
  ],
  [
    "changeUser",
    "no_such_user",
    ({ admin }) => changeUser({ ...by(admin), userId: NOBODY }, { name: "New" }, now()),
  ],
  [
    "changeUser",
    "last_administrator",
    ({ admin: { user } }) =>
      changeUser({ userId: user.id }, { name: "New", status: "disabled" }, now()),
  ],
  [
    "changeUser",
    "own_rights",
    ({ admin }) => changeUser({ ...by(admin), userId: admin.user.id }, { role: "staff" }, now()),
  ],
  [
    "setTemporaryPassword",
    "own_account",
    async ({ admin }) =>
      setTemporaryPassword(admin.user.id, await given(passwordForAnother()), by(admin), now()),
  ],
  [
    "setTemporaryPassword",
    "no_such_user",
    async ({ admin }) =>
      setTemporaryPassword(NOBODY, await given(passwordForAnother()), by(admin), now()),
  ],
  ["openForUser", "no_such_user", ({ admin }) => openForUser(NOBODY, by(admin), now())],
  ["eraseUser", "last_administrator", ({ admin }) => eraseUser(admin.user.id, now())],
  ["eraseUser", "no_such_user", () => eraseUser(NOBODY, now())],
  [
    "endSessionsBy",
    "outranked",
    ({ admin, staff, member }) => {
      const ids = [member, admin].map(({ session }) => session.id);
      return endSessionsBy(asStaff(staff), { ids }, now());
    },
  ],
  [
    "endSessionsBy",
    "no_such_user",
    ({ admin }) => endSessionsBy(asStaff(admin), { userId: NOBODY }, now()),
  ],
];

it.each(VERBS)("%s says %s, and leaves every table as it was", async (_verb, kind, work) => {
  const of = await scene({ isOnly: kind !== "own_rights" });
  const before = await sumsOfAllTables();
  expect(await work(of)).toMatchObject({ refused: kind });
  expect(await sumsOfAllTables()).toEqual(before);
});
