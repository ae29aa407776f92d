import { resetPassword } from "@/lib/accounts/forgotten-password";
import { isRefused } from "@/lib/refused";
import { currentDevice } from "@/lib/request/client";
import { withoutSession } from "@/lib/request/handler";
import { badFields, noContent, notFoundProblem, otherMethod, tooBusy } from "@/lib/request/problem";
import { ResetInput } from "@/lib/users/input";

interface WithToken {
  readonly params: Promise<{ readonly token: string }>;
}

/** Sets a new password by a mailed token, and ends every session. Signs nobody in. */
export const POST = withoutSession(
  async (_request, { params }: WithToken, { newPassword }) => {
    const { token } = await params;
    const done = await resetPassword({ token, newPassword }, await currentDevice(), new Date());
    if (!isRefused(done)) return noContent();
    switch (done.refused) {
      case "link_over":
        return notFoundProblem();
      case "unfit_password":
        return badFields({ newPassword: [done.fault] });
      case "busy":
        return tooBusy();
    }
  },
  { body: ResetInput },
);

const other = withoutSession(async (request) => otherMethod(request, ["POST"]));

export { other as DELETE, other as GET, other as OPTIONS, other as PATCH, other as PUT };
