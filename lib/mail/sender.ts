import "server-only";
import { isDatabaseUnavailable } from "@/lib/db/errors";
import { settings } from "@/lib/env";
import { log } from "@/lib/log";
import { type Letter, letterOf } from "@/lib/mail/letters";
import {
  claimMail,
  findDue,
  isLinkGood,
  mailWay,
  type OutboxMail,
  type Outcome,
  settleMail,
} from "@/lib/mail/outbox";
import { post } from "@/lib/mail/transport";
import { unseal } from "@/lib/seal";

/** Waits after the first, second … try; the last one goes on. */
const PAUSES_SECONDS = [5, 30, 120, 600, 1800, 3600];
/**
 * After a try that its server never answered: it may have the mail and deliver it. So a reader gets at
 * most a handful of copies of one mail.
 */
const UNANSWERED_PAUSES_SECONDS = [60, 3600, 86_400];
/** A mail that could not be sent in so long is of no use to anybody. */
const GIVEN_UP_AFTER_MS = 3 * 86_400_000;
// Shorter than the lease: nobody else takes a mail while its server still thinks about it.
const LONGEST_TRY_MS = 45_000;

/**
 * Sends what is due, each by whoever claims it first. A mail that a process dies over is claimed
 * again when its lease is up: sent at least once, always with the same Message-ID. How many left.
 */
export async function sendDueMail(now: Date, longestTryMs = LONGEST_TRY_MS): Promise<number> {
  const due = await findDue(now, MOST_UNDER_WAY);
  const tries = due.map((id) => sendOne(id, now, longestTryMs));
  const sent = await Promise.all(tries);
  return sent.filter(Boolean).length;
}

async function sendOne(id: string, now: Date, longestTryMs = LONGEST_TRY_MS): Promise<boolean> {
  const mail = await claimMail(id, now);
  if (!mail) return false;
  const outcome = await tryToSend(mail, now, longestTryMs);
  await settleMail(mail, outcome);
  return "sentAt" in outcome;
}

async function tryToSend(mail: OutboxMail, now: Date, longestTryMs: number): Promise<Outcome> {
  if (!(await isLinkGood(mail, now))) return { failedAt: now, lastError: "its link is over" };
  try {
    const letter = await letterOfMail(mail);
    if (mailWay() === "kept") showInLog(mail, letter);
    else {
      const posting = post({ ...letter, to: mail.recipient, messageId: messageIdOf(mail) });
      await inTime(posting, longestTryMs);
    }
    return { sentAt: now };
  } catch (error) {
    return afterFailure(mail, error, now);
  }
}

/** A mail of the outbox as it is sent. Throws where no key opens its token any more. */
export async function letterOfMail(mail: OutboxMail): Promise<Letter> {
  const { APP_NAME: name, APP_URL: url } = settings();
  return letterOf(mail.kind, mail.detail, await tokenOf(mail), { name, url });
}

async function tokenOf({ sealedToken }: OutboxMail): Promise<string | null> {
  if (sealedToken === null) return null;
  const opened = await unseal<{ t: string }>("mail", sealedToken);
  if (typeof opened?.t !== "string") throw new Error("no SESSION_SECRET opens its link");
  return opened.t;
}

function messageIdOf({ id }: OutboxMail): string {
  return `<${id}@${settings().APP_URL.hostname}>`;
}

// Only on a site that is for this machine alone: it has no other way to a mailbox.
function showInLog({ recipient }: OutboxMail, { subject, text }: Letter): void {
  log().info({ recipient, subject, text }, "a mail, kept at /dev/mail");
}

class Unanswered extends Error {}

async function inTime(sending: Promise<void>, longestTryMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    const late = () => reject(new Unanswered(`no answer in ${longestTryMs / 1000} s`));
    timer = setTimeout(late, longestTryMs);
  });
  await Promise.race([sending, tooLong]).finally(() => clearTimeout(timer));
}

function afterFailure(mail: OutboxMail, error: unknown, now: Date): Outcome {
  const lastError = faultWords(error);
  log().warn(
    { mail: mail.id, kind: mail.kind, attempts: mail.attempts, fault: lastError },
    "a mail was not sent",
  );
  const isTooOld = now.getTime() - mail.createdAt.getTime() > GIVEN_UP_AFTER_MS;
  if (isTooOld || isLasting(error)) return { failedAt: now, lastError };
  const pauses = error instanceof Unanswered ? UNANSWERED_PAUSES_SECONDS : PAUSES_SECONDS;
  const pause = pauses[mail.attempts - 1] ?? pauses.at(-1) ?? 0;
  return { nextAttemptAt: new Date(now.getTime() + pause * 1000), lastError };
}

const fieldOf = (error: unknown, name: string): unknown =>
  error instanceof Error ? Reflect.get(error, name) : undefined;

/** The server has said for good that it will not take this mail (RFC 5321, 4.2.1: 5yz). */
function isLasting(error: unknown): boolean {
  // Who may send is a matter of the settings, not of the mail: it waits until they are mended.
  if (fieldOf(error, "code") === "EAUTH") return false;
  return Number(fieldOf(error, "responseCode")) >= 500;
}

// Not the server's own words: they quote the address.
function faultWords(error: unknown): string {
  const words = [fieldOf(error, "code"), fieldOf(error, "command"), fieldOf(error, "responseCode")];
  const known = words.filter((word) => word !== undefined).join(" ");
  return known || (error instanceof Error ? error.message : "unknown");
}

const EVERY_MS = 2000;
/** A server that takes its time holds up no more than so many; all others wait in the table. */
const MOST_UNDER_WAY = 20;

/**
 * Looks for due mails every two seconds, whenever this process has promised one, and at once where more
 * may wait than it could take; for as long as it runs, in every instance, where mail leaves at all.
 * Gives what ends it.
 */
export function sendMailAsItComes(): () => void {
  if (mailWay() === "none") return () => undefined;
  let timer: NodeJS.Timeout | undefined;
  const underWay = new Set<string>();
  let mayBeMore = false;
  const begin = async (id: string) => {
    underWay.add(id);
    await orTrouble(sendOne(id, new Date()));
    underWay.delete(id);
    if (mayBeMore && underWay.size < MOST_UNDER_WAY / 2) turn();
  };
  const look = async () => {
    const due = await findDue(new Date(), MOST_UNDER_WAY);
    mayBeMore = due.length === MOST_UNDER_WAY;
    const others = due.filter((id) => !underWay.has(id));
    for (const id of others.slice(0, MOST_UNDER_WAY - underWay.size)) void begin(id);
  };
  const turn = () => {
    clearTimeout(timer);
    timer = setTimeout(turn, EVERY_MS).unref();
    void orTrouble(look());
  };
  globalThis.gatehouseWakeSender = turn;
  turn();
  return () => {
    globalThis.gatehouseWakeSender = undefined;
    clearTimeout(timer);
  };
}

async function orTrouble(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    // The next turn tries again; an outage is reported by every request already.
    if (!isDatabaseUnavailable(error)) log().error({ err: error }, "could not send mail");
  }
}
