// What the rows tell.
import { isPublicAddress } from "@/lib/device";
import { countEventsPastRetention } from "@/lib/events/forget";
import { type SeenAddress, seenAddresses } from "@/lib/events/stats";
import { countWaiting } from "@/lib/session/stats";
import { countOutdatedHashes, listUsers } from "@/lib/users/find";
import { findByIdentifier } from "@/lib/users/users";
import { type Check, type Finding, fault, onDeploy, unless, well } from "./check";

// Instances purge every few minutes; what has waited for so long nobody purges.
const HOUR_MS = 3_600_000;
const PURGE = "npm run manage -- sessions purge, and see that the app runs: it purges by itself";
const MANAGE = "npm run manage --";

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

export const ROW_CHECKS: readonly Check[] = [
  onDeploy("purge", "the purge of sessions is not behind", async ({ now }) => {
    const { runOut, pastRetention } = await countWaiting(new Date(now.getTime() - HOUR_MS));
    return unless(
      runOut.count + pastRetention.count === 0,
      "up to date",
      `${runOut.count} sessions ran out more than an hour ago and are not noted; ${pastRetention.count} are past retention`,
      PURGE,
    );
  }),
  onDeploy("event-purge", "the purge of events is not behind", async ({ now }) => {
    const waiting = await countEventsPastRetention(new Date(now.getTime() - HOUR_MS));
    return unless(waiting === 0, "up to date", `${waiting} events are past retention`, PURGE);
  }),
  onDeploy("demo-administrator", "the demo administrator is gone", async () => {
    const demo = await findByIdentifier("admin");
    return unless(
      demo?.user.email !== "admin@localhost" || demo.user.status === "disabled",
      "gone",
      "the account admin of the first start is still there",
      `make one of your own, then: ${MANAGE} users erase admin --yes`,
    );
  }),
  onDeploy("administrator", "there is an active administrator", async () => {
    const { length } = await listUsers({ role: "admin", status: "active" });
    return unless(
      length > 0,
      String(length),
      "nobody can administer",
      `${MANAGE} users create --username <name> --email <address> --role admin --generate-password`,
    );
  }),
  onDeploy("hashes", "staff's passwords are hashed as is due today", async () => {
    const outdated = await countOutdatedHashes();
    const staff = (outdated.get("staff") ?? 0) + (outdated.get("admin") ?? 0);
    const members = outdated.get("member") ?? 0;
    return staff > 0
      ? fault(
          `${staff} of staff have an outdated hash`,
          `let them sign in once, or: ${MANAGE} users set-password <user> --password-stdin`,
        )
      : well(`${members} of members are made anew when they sign in`);
  }),
  onDeploy(
    "proxies",
    "TRUST_PROXY fits what sign-ins show",
    async ({ settings: { TRUST_PROXY: proxies }, now }) =>
      judgeAddresses(await seenAddresses(now), proxies),
  ),
];
