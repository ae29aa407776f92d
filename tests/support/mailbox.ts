// What the outbox holds for an address, as its owner would read it: test sites send no mail.
import { listMail } from "@/lib/mail/list";
import { letterOfMail } from "@/lib/mail/sender";

export interface ReadMail {
  readonly kind: string;
  readonly subject: string;
  readonly text: string;
  /** The token of its link; empty where it has none. */
  readonly token: string;
}

/** The mails to an address, newest first. */
export async function mailsTo(email: string): Promise<ReadMail[]> {
  const mails = await listMail({}, 1000);
  return Promise.all(
    mails
      .filter(({ recipient }) => recipient === email)
      .map(async (mail) => {
        const { subject, text, link } = await letterOfMail(mail);
        const token = link ? new URL(link.href).searchParams.get("token") : null;
        return { kind: mail.kind, subject, text, token: token ?? "" };
      }),
  );
}

/** The token of the newest mail of a kind to an address. */
export async function mailedTokenTo(email: string, kind: string): Promise<string> {
  const mail = (await mailsTo(email)).find((each) => each.kind === kind);
  if (!mail) throw new Error(`no ${kind} was mailed to ${email}`);
  return mail.token;
}
