import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import {
  type BridgeCheck,
  bridgeStatus,
  checkBridge,
  cutOver,
  removeBridge,
} from "@/lib/auth/bridge";
import { isBridgeOn } from "@/lib/django/rows";
import { Problem, tellProgress } from "../program";
import type { Connection } from "./connection";

/** `django check | status | cut-over | remove` */
export function addDjangoCommands(django: CommandUnknownOpts, connection: Connection): void {
  django
    .command("check")
    .description("what would happen to whoever is signed in at the Django site; writes nothing")
    .action(
      connection.does(async () => {
        insistOnKeys();
        const found = await checkBridge(new Date(), (judged) => tellProgress(`${judged} sessions`));
        tellProgress("");
        const fault = faultOf(found);
        return { json: found, words: wordsOf(found), ...(fault && { fault }) };
      }),
    );
  django
    .command("status")
    .description("how the bridge to the Django site stands")
    .action(
      connection.does(async () => {
        const status = await bridgeStatus();
        const { isOn, accounts, sessions } = status;
        const words = [
          isOn ? "The bridge is on." : "The bridge is off: DJANGO_SECRET_KEYS is not set.",
          `accounts that are there, too: ${accounts}, of which ${status.cutOver} are cut over`,
          `sessions that go with one there: ${sessions}`,
        ];
        return { json: status, words: words.join("\n") };
      }),
    );
  django
    .command("cut-over")
    .description(
      "copies the last password of each from Django, which has no say over them from then on",
    )
    .action(
      connection.does(async () => {
        insistOnKeys();
        const accounts = await cutOver(new Date(), (done) => tellProgress(`${done} accounts`));
        tellProgress("");
        return {
          json: { accounts },
          words: `The passwords of ${accounts} account(s) are ours now.`,
        };
      }),
    );
  django
    .command("remove")
    .description("forget what the bridge has kept here; of Django's tables nothing is touched")
    .action(
      connection.does(async () => {
        if (isBridgeOn()) throw new Problem("Unset DJANGO_SECRET_KEYS first: the bridge is on.");
        const removed = await removeBridge();
        return { json: removed, words: `Forgot who ${removed.accounts} account(s) are at Django.` };
      }),
    );
}

function insistOnKeys(): void {
  if (!isBridgeOn()) throw new Problem("The bridge is off: set DJANGO_SECRET_KEYS.");
}

const WHY: readonly [reason: keyof BridgeCheck["refused"], words: string][] = [
  ["over", "have run out"],
  ["unreadable", "cannot be read: signed with another key or salt, pickled, or too long"],
  ["nobodys", "are of nobody: visitors who are not signed in"],
  ["inactive", "are of people who are disabled or gone there"],
  ["former_password", "are of a former password, or of another key"],
  ["no_account", "are of people who have no account here"],
  ["not_here", "are of people who may not sign in here by that"],
];

function wordsOf({ missingGrants, adopted, refused, withoutAccount }: BridgeCheck): string {
  const lines = [`${adopted} live session(s) would be taken over.`];
  for (const [reason, words] of WHY)
    if (refused[reason]) lines.push(`${refused[reason]} would not: they ${words}.`);
  if (withoutAccount.length > 0)
    lines.push(`${withoutAccount.length} user(s) there have no account here: users import.`);
  if (missingGrants.length > 0) lines.push(`Missing grants: ${missingGrants.join(", ")}.`);
  return lines.join("\n");
}

function faultOf({ missingGrants, refused }: BridgeCheck): string {
  if (missingGrants.length > 0) return "Grant what is missing before people are let through.";
  return refused.unreadable ? "Some sessions cannot be read: do DJANGO_SECRET_KEYS fit?" : "";
}
