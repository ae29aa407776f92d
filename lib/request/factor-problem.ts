import "server-only";
import { problem } from "@/lib/request/problem";

export const secondFactorNeeded = () =>
  problem({
    status: 401,
    type: "urn:gatehouse:second-factor-required",
    title: "More needed",
    detail: "That was right, and this account asks for a second factor. Nobody is signed in yet.",
  });

export const wrongCode = () =>
  problem({
    status: 401,
    title: "Wrong code",
    detail: "That code isn’t right, or was used before.",
  });

export const wrongPasskey = () =>
  problem({
    status: 401,
    title: "Passkey not accepted",
    detail: "That passkey isn’t known here, or the challenge is over. Ask for another challenge.",
  });

export const firstStepNeeded = () =>
  problem({
    status: 401,
    title: "Not signed in",
    detail: "Sign in at POST /api/session first: the password there is good for five minutes.",
  });

/** Nothing is answered to somebody of whom the site asks for a second factor, and who has none. */
export const factorNeeded = () =>
  problem({
    status: 403,
    type: "urn:gatehouse:factor-setup-required",
    title: "Second factor needed",
    detail:
      "This site asks you for a second factor. Set one up at /account/factors, and ask again.",
  });
