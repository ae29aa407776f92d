import { AddUserBody, listedUserJson, UsersQuery, userJson } from "@/lib/api/user";
import { isRefused } from "@/lib/refused";
import { addUserBy, userRefusalProblem } from "@/lib/request/acts";
import { parsedQuery } from "@/lib/request/body";
import { withoutSession, withSession } from "@/lib/request/handler";
import { json, otherMethod } from "@/lib/request/problem";
import { searchUsers } from "@/lib/users/find";

/** Users, the newest first, page by page. */
export const GET = withSession(
  async (request) => {
    const { q, ...page } = parsedQuery(request, UsersQuery);
    const { users, nextCursor } = await searchUsers(q, page);
    return json({ users: users.map(listedUserJson), nextCursor });
  },
  { role: "staff", isHidden: true },
);

/** Adds a user; the generated password is in this response and nowhere else. */
export const POST = withSession(
  async (_request, actor, _context, input) => {
    const added = await addUserBy(actor, input);
    if (isRefused(added)) return userRefusalProblem(added);
    return json({ user: userJson(added.user), password: added.password }, 201);
  },
  { role: "admin", isHidden: true, recentProof: true, body: AddUserBody },
);

const other = withoutSession(async (request) => otherMethod(request, ["GET", "HEAD", "POST"]));

export { other as DELETE, other as OPTIONS, other as PATCH, other as PUT };
