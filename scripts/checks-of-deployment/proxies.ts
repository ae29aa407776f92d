import { isPublicAddress } from "@/lib/device";
import { type SeenAddress, seenAddresses } from "@/lib/events/stats";
import { type Check, type Finding, fault, well } from "./check";

// Fewer say nothing: a team that tries it out sits behind one address.
const ENOUGH_SIGN_INS = 20;
const ENOUGH_USERS = 10;
const FEW_ADDRESSES = 3;

/** Whether the addresses of sign-ins look like those of people, with so many proxies trusted. */
export function judgeAddresses(seen: readonly SeenAddress[], proxies: number): Finding {
  const unknown = seen.filter(({ ipAddress }) => ipAddress === "").length;
  if (unknown > 0)
    return fault(
      `${unknown} of ${seen.length} sign-ins came without an address: they passed fewer than ${proxies} proxies`,
      `TRUST_PROXY=${Math.max(proxies - 1, 0)}, or let every request pass the proxies`,
    );
  if (seen.length < ENOUGH_SIGN_INS) return well(`${seen.length} sign-ins say too little`);
  if (seen.every(({ ipAddress }) => !isPublicAddress(ipAddress)))
    return fault(
      `every one of ${seen.length} sign-ins came from a private address: those of a proxy`,
      `TRUST_PROXY=${proxies + 1}; people within one private network: --accept proxies`,
    );
  const addresses = new Set(seen.map(({ ipAddress }) => ipAddress));
  const users = new Set(seen.map(({ userId }) => userId));
  if (users.size >= ENOUGH_USERS && addresses.size <= FEW_ADDRESSES)
    return fault(
      `${users.size} users signed in from ${addresses.size} address(es): those of proxies`,
      `TRUST_PROXY=${proxies + 1}; people behind one gateway: --accept proxies`,
    );
  return well(`${seen.length} sign-ins from ${addresses.size} addresses`);
}

export const PROXY_CHECKS: readonly Check[] = [
  {
    id: "proxies",
    title: "TRUST_PROXY fits what sign-ins show",
    run: async ({ settings: { TRUST_PROXY: proxies }, now }) =>
      judgeAddresses(await seenAddresses(now), proxies),
  },
];
