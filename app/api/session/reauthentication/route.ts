import { givenBy, ProofInput, reauthenticateHere } from "@/lib/request/acts";
import { wrongCode } from "@/lib/request/factor-problem";
import { withoutSession, withSession } from "@/lib/request/handler";
import { noContent, notLookedAt, otherMethod, wrongPassword } from "@/lib/request/problem";

/** Takes a fresh proof; the cookie gets a new secret. */
export const POST = withSession(
  async (_request, current, _context, given) => {
    const refused = await reauthenticateHere(current, givenBy(given));
    if (refused === null) return noContent();
    if (refused.refused !== "wrong") return notLookedAt(refused);
    return given.code === undefined ? wrongPassword() : wrongCode();
  },
  { body: ProofInput },
);

const other = withoutSession(async (request) => otherMethod(request, ["POST"]));

export { other as DELETE, other as GET, other as OPTIONS, other as PATCH, other as PUT };
