import { currentJson } from "@/lib/api/session";
import { isRefused } from "@/lib/refused";
import { wrongPasskey } from "@/lib/request/factor-problem";
import { withoutSession } from "@/lib/request/handler";
import { beginPasskeySignIn, PasskeyInput, signInByPasskey } from "@/lib/request/passkey";
import { json, otherMethod } from "@/lib/request/problem";

/** Gives a challenge; then takes what a passkey has signed, and signs in. */
export const POST = withoutSession(
  async (_request, _context, { response }) => {
    const now = new Date();
    if (!response) return json(await beginPasskeySignIn(now));
    const entered = await signInByPasskey(response, now);
    return isRefused(entered) ? wrongPasskey() : json(currentJson(entered.current));
  },
  { body: PasskeyInput },
);

const other = withoutSession(async (request) => otherMethod(request, ["POST"]));

export { other as DELETE, other as GET, other as OPTIONS, other as PATCH, other as PUT };
