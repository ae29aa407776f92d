import "server-only";
import { and, asc, eq } from "drizzle-orm";
import { users } from "@/lib/db/schema";
import type { Transaction } from "@/lib/db/transaction";
import type { User } from "@/lib/users/user";

/** A change that would shut out whoever makes it, or leave nobody to undo it; the message says which. */
export class LockingOut extends Error {
  override readonly name = "LockingOut";

  constructor(
    readonly field: "role" | "status",
    message: string,
  ) {
    super(message);
  }
}

/**
 * The ids of the active administrators, whose rows the transaction holds from now on. Who has only a
 * temporary password is not among them: it may die before it was ever used. To be asked before
 * anything else is read: of two that demote one another one must see what the other did.
 */
export async function lockAdministrators(transaction: Transaction): Promise<number[]> {
  const rows = await transaction
    .select({ id: users.id })
    .from(users, { forceIndex: "users_role_status" })
    .where(
      and(
        eq(users.role, "admin"),
        eq(users.status, "active"),
        eq(users.passwordIsTemporary, false),
      ),
    )
    .orderBy(asc(users.id))
    .for("update");
  return rows.map(({ id }) => id);
}

/** Throws LockingOut for a change that `actorId`, or whoever has no account, may not make. */
export function refuseLockingOut(
  actorId: number | null,
  before: User,
  after: User,
  administrators: readonly number[],
): void {
  if (!isAdministrator(before) || isAdministrator(after)) return;
  const field = after.role === "admin" ? "status" : "role";
  refuseLastAdministrator(before, administrators, field);
  if (actorId === before.id)
    throw new LockingOut(
      field,
      "This is your own account. Ask another administrator to change it.",
    );
}

/** Throws LockingOut where a user is the only one of the active `administrators`. */
export function refuseLastAdministrator(
  user: User,
  administrators: readonly number[],
  field: LockingOut["field"] = "status",
): void {
  if (isAdministrator(user) && administrators.every((id) => id === user.id))
    throw new LockingOut(field, LAST);
}

const LAST =
  "This is the last active administrator with a password of their own. Make another one first, who has signed in and set theirs.";

const isAdministrator = ({ role, status }: User) => role === "admin" && status === "active";
