import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { resetFactorsLater, resetFactorsNow } from "@/lib/accounts/reset-factors";
import { factorsOf } from "@/lib/factors/factors";
import { exactTime } from "@/lib/time-words";
import { taken } from "../explain";
import { Problem } from "../program";
import { type Connection, existingUser } from "./connection";

/** `users factors | reset-factors` */
export function addFactorCommands(users: CommandUnknownOpts, connection: Connection): void {
  users
    .command("factors <user>")
    .description("the second factors of a user (name, e-mail or id)")
    .action(
      connection.does(async (handle) => {
        const { id, username } = await existingUser(handle);
        const factors = await factorsOf(id);
        const { totpSince, passkeys, recoveryCodes, resetAt } = factors;
        const words = [
          `authenticator app: ${totpSince ? `since ${exactTime(totpSince)}` : "none"}`,
          `passkeys: ${passkeys}`,
          `recovery codes left: ${recoveryCodes}`,
          ...(resetAt ? [`all of it goes ${exactTime(resetAt)}, unless its owner stops it`] : []),
        ];
        return { json: { user: username, ...factors }, words: words.join("\n") };
      }),
    );
  users
    .command("reset-factors <user>")
    .description("take a user's second factors away, 24 hours from now; their owner can stop it")
    .option("--now", "at once: make sure by another way that it is them who asks")
    .action(
      connection.does(async (handle, { now: isNow }) => {
        const { id, username } = await existingUser(handle);
        const reset = await (isNow ? resetFactorsNow : resetFactorsLater)(id, new Date());
        if ("refused" in reset && reset.refused === "no_factor")
          throw new Problem(`${username} has no second factor.`);
        const { at } = taken(reset);
        const words = isNow
          ? `The second factors of ${username} are gone: the password alone signs in.`
          : `The second factors of ${username} go ${exactTime(at)}, unless their owner stops it.`;
        return { json: { user: username, resetAt: at }, words };
      }),
    );
}
