import { type CommandUnknownOpts, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { z } from "zod";
import { listMail, MAIL_STATES, outboxState, retryMail } from "@/lib/mail/list";
import { mailWay, type OutboxMail } from "@/lib/mail/outbox";
import { Problem } from "../program";
import { wholeNumber } from "./arguments";
import { type Connection, idOfNamed } from "./connection";
import { printTable } from "./output";

/** `mail list | retry` */
export function addMailCommands(mail: CommandUnknownOpts, connection: Connection): void {
  mail
    .command("list")
    .description("the outbox, newest first; no link is shown")
    .addOption(new Option("--state <state>", "of this state").choices(MAIL_STATES))
    .option("--user <user>", "to this user (name, email or id)")
    .option("--limit <number>", "at most so many", wholeNumber, 50)
    .action(
      connection.does(async ({ state, user, limit }) => {
        const mails = await listMail({ state, userId: await idOfNamed(user) }, limit);
        const words = () => printTable(mails.map(mailRow), "There are no such mails.");
        return { json: { ...(await outboxState()), mails: mails.map(mailJson) }, words };
      }),
    );
  mail
    .command("retry")
    .argument("[id]", "one of them; all if left out", mailId)
    .description("have mails that were given up sent after all, by the app that runs")
    .action(
      connection.does(async (id) => {
        const retried = await retryMail(id ?? null, new Date());
        if (id && retried === 0) throw new Problem(`No mail ${id} was given up.`);
        const unsent = mailWay() === "none" && retried > 0 ? " SMTP_URL is not set." : "";
        return { json: { retried }, words: `${retried} mail(s) are due again.${unsent}` };
      }),
    );
}

function mailId(text: string): string {
  if (!z.uuid().safeParse(text).success) throw new InvalidArgumentError("That is no mail's id.");
  return text;
}

function stateOf({ sentAt, failedAt }: OutboxMail): string {
  if (sentAt) return "sent";
  return failedAt ? "failed" : "waiting";
}

function mailRow(mail: OutboxMail) {
  const { id, createdAt, kind, recipient, attempts, nextAttemptAt, lastError } = mail;
  return {
    id,
    createdAt,
    kind,
    recipient,
    state: stateOf(mail),
    attempts,
    nextAttemptAt,
    lastError,
  };
}

// All but what its link is made of.
function mailJson(mail: OutboxMail) {
  const { sealedToken: _, tokenHash: __, userId, ...told } = mail;
  return { ...told, userId: userId === null ? null : String(userId), state: stateOf(mail) };
}
