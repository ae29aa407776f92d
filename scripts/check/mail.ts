// Whether mail leaves.
import { outboxState } from "@/lib/mail/list";
import { onDeploy, unless } from "./check";

const LONGEST_WAIT_MS = 15 * 60_000;

export const MAIL_SETTING = onDeploy("mail", "mail can leave", ({ settings: { SMTP_URL: url } }) =>
  unless(
    url !== undefined,
    `by ${url?.host}`,
    "no mail leaves: nobody gets a link to set a new password, hears of a new device, can sign up or change their address",
    "SMTP_URL=smtp://user:password@mail.example.com:587 with MAIL_FROM=no-reply@example.com; a site without mail: --accept mail",
  ),
);

export const OUTBOX = onDeploy("outbox", "mail does not pile up", async ({ now }) => {
  const { waiting, oldestAt, failed } = await outboxState();
  return unless(
    oldestAt === null || now.getTime() - oldestAt.getTime() < LONGEST_WAIT_MS,
    `${waiting} waiting, ${failed} given up`,
    `${waiting} mails wait, the first since ${oldestAt?.toISOString()}`,
    "npm run manage -- mail list --state waiting says why; mend SMTP_URL or its server, and they leave by themselves",
  );
});
