import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { SiteShell } from "@/app/_shell/site-shell";
import { buttonClass } from "@/app/_ui/button-class";
import { Card } from "@/app/_ui/card";
import { EmptyState } from "@/app/_ui/empty-state";
import { PageHeader } from "@/app/_ui/page-header";
import { RelativeTime } from "@/app/_ui/relative-time";
import { keptLetter, showsKeptMail } from "@/app/dev/mail/kept-letter";
import { listMail } from "@/lib/mail/list";
import type { OutboxMail } from "@/lib/mail/outbox";
import { anyVisitor } from "@/lib/request/guards";

const MOST = 50;

export const metadata: Metadata = { title: "Mail" };

export default async function KeptMailPage() {
  const current = await anyVisitor();
  if (!(await showsKeptMail())) notFound();
  const mails = await listMail({}, MOST);
  const now = new Date();
  return (
    <SiteShell user={current?.user ?? null} current="/dev/mail">
      <PageHeader
        title="Mail"
        lead="What this site would send. It has no SMTP_URL and is for this machine alone, so mails stay here; on a public site nobody sees this page."
      />
      {mails.length === 0 ? (
        <EmptyState title="No mail yet">Ask for a new password, for instance.</EmptyState>
      ) : (
        <ol className="max-w-prose space-y-6">
          {mails.map((mail) => (
            <li key={mail.id}>
              <Mail mail={mail} now={now} />
            </li>
          ))}
        </ol>
      )}
    </SiteShell>
  );
}

async function Mail({ mail, now }: { mail: OutboxMail; now: Date }) {
  const letter = await keptLetter(mail);
  return (
    <Card>
      <h2 className="text-base font-semibold wrap-anywhere">
        {letter?.subject ?? "A mail that cannot be read any more"}
      </h2>
      <p className="text-sm text-muted wrap-anywhere">
        To {mail.recipient} · <RelativeTime at={mail.createdAt} now={now} />
      </p>
      {letter && (
        <>
          <p className="mt-4 text-sm whitespace-pre-line wrap-anywhere">{letter.text}</p>
          <div className="mt-5 flex flex-wrap gap-3">
            {letter.link && (
              <a href={letter.link.href} className={buttonClass()}>
                {letter.link.label}
              </a>
            )}
            <a href={`/dev/mail/html?id=${mail.id}`} className={buttonClass("secondary")}>
              See it as HTML
            </a>
          </div>
        </>
      )}
    </Card>
  );
}
