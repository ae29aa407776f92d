import { currentJson } from "@/lib/api/session";
import { isRefused } from "@/lib/refused";
import { firstStepNeeded, wrongCode } from "@/lib/request/factor-problem";
import { withoutSession } from "@/lib/request/handler";
import { json, notLookedAt, otherMethod } from "@/lib/request/problem";
import { SecondStepInput, signInByCode } from "@/lib/request/sign-in";

/** Takes the second step of a sign-in. */
export const POST = withoutSession(
  async (_request, _context, input) => {
    const entered = await signInByCode(input);
    if (!isRefused(entered)) return json(currentJson(entered.current));
    switch (entered.refused) {
      case "step_over":
        return firstStepNeeded();
      case "wrong":
        return wrongCode();
      case "throttled":
      case "busy":
        return notLookedAt(entered);
    }
  },
  { body: SecondStepInput },
);

const other = withoutSession(async (request) => otherMethod(request, ["POST"]));

export { other as DELETE, other as GET, other as OPTIONS, other as PATCH, other as PUT };
