import "server-only";
import { z } from "zod";
import { Cursor, Limit, Search, Time } from "@/lib/api/fields";
import { STATUSES } from "@/lib/db/schema";
import { ROLES } from "@/lib/roles";
import type { ListedUser } from "@/lib/users/find";
import { NewUserInput, UserChangesInput, UserFields } from "@/lib/users/input";
import type { User } from "@/lib/users/user";

/** A user as programs see one: ids are texts. */
export const UserJson = z.strictObject({
  id: z.string(),
  username: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  status: z.enum(STATUSES),
});

/** A user in a list of users. */
export const ListedUserJson = UserJson.extend({ createdAt: Time, lastSignInAt: Time.nullable() });

/** `GET /api/admin/users` */
export const UsersQuery = z.strictObject({ q: Search, limit: Limit, cursor: Cursor });
export const UsersResponse = z.strictObject({
  users: z.array(ListedUserJson),
  nextCursor: z.string().nullable(),
});

/** `POST /api/admin/users` */
export const AddUserBody = NewUserInput;
export const AddUserResponse = z.strictObject({ user: UserJson, password: z.string() });

/** `PATCH /api/admin/users/{id}` */
export const ChangeUserBody = UserChangesInput;
export const ChangeUserResponse = z.strictObject({ user: UserJson });

/** `PATCH /api/account`; what is left out stays. */
export const ChangeAccountBody = z.strictObject({ name: UserFields.name }).partial();

/** `POST /api/admin/users/{id}/password` */
export const TemporaryPasswordResponse = z.strictObject({ password: z.string() });

/** A user for programs: chosen field by field. */
export function userJson(user: User): z.infer<typeof UserJson> {
  const { id, username, email, name, role, status } = user;
  return { id: String(id), username, email, name, role, status };
}

/** A user of a list, as programs get one. */
export function listedUserJson(user: ListedUser): z.infer<typeof ListedUserJson> {
  return {
    ...userJson(user),
    createdAt: user.createdAt.toISOString(),
    lastSignInAt: user.lastSignInAt?.toISOString() ?? null,
  };
}
