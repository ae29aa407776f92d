import "server-only";
import { renderSVG } from "uqr";
import type { ShownSetUp } from "@/app/account/factors/state";
import type { TotpSetUp } from "@/lib/accounts/change-factors";

/** What of a set-up the page shows: no library for pictures goes to the browser. */
export function shownSetUp({ uri, secret, sealed }: TotpSetUp): ShownSetUp {
  const picture = `data:image/svg+xml,${encodeURIComponent(renderSVG(uri, { border: 2 }))}`;
  return { picture, secret, sealed };
}
