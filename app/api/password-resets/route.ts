import { requestPasswordReset } from "@/lib/accounts/forgotten-password";
import { currentDevice } from "@/lib/request/client";
import { withoutSession } from "@/lib/request/handler";
import { accepted, otherMethod } from "@/lib/request/problem";
import { PasswordResetInput } from "@/lib/users/input";

/** Mails a link to set a new password, or does not; the response is the same. */
export const POST = withoutSession(
  async (_request, _context, { identifier }) => {
    await requestPasswordReset(identifier, await currentDevice(), new Date());
    return accepted();
  },
  { body: PasswordResetInput },
);

const other = withoutSession(async (request) => otherMethod(request, ["POST"]));

export { other as DELETE, other as GET, other as OPTIONS, other as PATCH, other as PUT };
