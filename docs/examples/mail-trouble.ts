import { outboxState } from "@/lib/mail/list";

const LONGEST_WAIT_MS = 5 * 60_000;

/** What is wrong with the mails of this site, in words for a page of your own; null while all is well. */
export async function mailTrouble(now: Date): Promise<string | null> {
  const { waiting, oldestAt, failed } = await outboxState();
  const isStuck = oldestAt !== null && now.getTime() - oldestAt.getTime() > LONGEST_WAIT_MS;
  if (isStuck) return `${waiting} mails wait, the first since ${oldestAt.toISOString()}.`;
  return failed > 0 ? `${failed} mails were given up.` : null;
}
