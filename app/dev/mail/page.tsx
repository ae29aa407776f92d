import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { SiteShell } from "@/app/_shell/site-shell";
import { ButtonLink } from "@/app/_ui/button-link";
import { Card } from "@/app/_ui/card";
import { EmptyState } from "@/app/_ui/empty-state";
import { PageHeader } from "@/app/_ui/page-header";
import { RelativeTime } from "@/app/_ui/relative-time";
import { listMail, mailWay, type OutboxMail } from "@/lib/mail/outbox";
import { letterOfMail } from "@/lib/mail/sender";
import { anyVisitor } from "@/lib/request/guards";

const MOST = 50;

export const metadata: Metadata = { title: "Mail" };

export default async function KeptMailPage() {
  const current = await anyVisitor();
  if (mailWay() !== "kept") notFound();
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
        <div className="max-w-prose space-y-6">
          {mails.map((mail) => (
            <Mail key={mail.id} mail={mail} now={now} />
          ))}
        </div>
      )}
    </SiteShell>
  );
}

async function Mail({ mail, now }: { mail: OutboxMail; now: Date }) {
  const { subject, text, link } = await letterOfMail(mail);
  return (
    <Card title={subject}>
      <p className="text-sm text-muted wrap-anywhere">
        To {mail.recipient} · <RelativeTime at={mail.createdAt} now={now} />
      </p>
      <p className="mt-4 text-sm whitespace-pre-line wrap-anywhere">{text}</p>
      {link && (
        <div className="mt-4">
          <ButtonLink href={link.href}>{link.label}</ButtonLink>
        </div>
      )}
    </Card>
  );
}
