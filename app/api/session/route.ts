import { currentJson } from "@/lib/api/session";
import { isRefused } from "@/lib/refused";
import { secondFactorNeeded } from "@/lib/request/factor-problem";
import { withoutSession, withSession } from "@/lib/request/handler";
import {
  emailNotVerified,
  json,
  noContent,
  notLookedAt,
  otherMethod,
  wrongCredentials,
} from "@/lib/request/problem";
import { SignInInput, signIn } from "@/lib/request/sign-in";
import { endSession } from "@/lib/request/sign-out";

/** Who is signed in, by which session. */
export const GET = withSession(async (_request, current) => json(currentJson(current)));

/** Signs in. */
export const POST = withoutSession(
  async (_request, _context, input) => {
    const current = await signIn(input);
    if (!isRefused(current)) return json(currentJson(current));
    switch (current.refused) {
      case "more_needed":
        return secondFactorNeeded();
      case "email_not_verified":
        return emailNotVerified();
      case "wrong":
        return wrongCredentials();
      case "throttled":
      case "busy":
        return notLookedAt(current);
    }
  },
  { body: SignInInput },
);

/** Signs out; without a session nothing happens. */
export const DELETE = withoutSession(async () => {
  await endSession();
  return noContent();
});

const other = withoutSession(async (request) =>
  otherMethod(request, ["GET", "HEAD", "POST", "DELETE"]),
);

export { other as OPTIONS, other as PATCH, other as PUT };
