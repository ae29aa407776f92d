import { ChangeAccountBody, userJson } from "@/lib/api/user";
import { changeOwnDetails } from "@/lib/auth/change-user";
import { currentDevice } from "@/lib/request/client";
import { withoutSession, withSession } from "@/lib/request/handler";
import { json, otherMethod } from "@/lib/request/problem";

/** Changes what people may change of themselves; what is left out stays. */
export const PATCH = withSession(
  async (_request, current, _context, wanted) => {
    const by = { actor: current, device: await currentDevice() };
    return json({ user: userJson(await changeOwnDetails(by, wanted, new Date())) });
  },
  { body: ChangeAccountBody },
);

const other = withoutSession(async (request) => otherMethod(request, ["PATCH"]));

export { other as DELETE, other as GET, other as OPTIONS, other as POST, other as PUT };
