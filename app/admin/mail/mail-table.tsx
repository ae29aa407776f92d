import { Badge } from "@/app/_ui/badge";
import { Cell, DataTable, HeadCell, WIDE } from "@/app/_ui/data-table";
import { RelativeTime } from "@/app/_ui/relative-time";
import { SubmitButton } from "@/app/_ui/submit-button";
import { UserLink } from "@/app/admin/_console/user-link";
import { KIND_WORDS } from "@/app/admin/mail/kind-words";
import type { OutboxMail } from "@/lib/mail/outbox";

type MailTableProps = { mails: readonly OutboxMail[]; now: Date };

export function MailTable({ mails, now }: MailTableProps) {
  return (
    <DataTable
      label="Mail"
      head={
        <>
          <HeadCell>What</HeadCell>
          <HeadCell>To</HeadCell>
          <HeadCell>State</HeadCell>
          <HeadCell className={WIDE}>Tries</HeadCell>
          <HeadCell className={WIDE}>When</HeadCell>
        </>
      }
    >
      {mails.map((mail) => (
        <Row key={mail.id} mail={mail} now={now} />
      ))}
    </DataTable>
  );
}

function Row({ mail, now }: { mail: OutboxMail; now: Date }) {
  const { kind, recipient, userId, attempts, createdAt, lastError } = mail;
  return (
    <tr className="hover:bg-sunken">
      <Cell>{KIND_WORDS.get(kind) ?? kind}</Cell>
      <Cell className="wrap-anywhere">
        {userId ? <UserLink id={userId}>{recipient}</UserLink> : recipient}
      </Cell>
      <Cell>
        <State mail={mail} now={now} />
        {lastError && !mail.sentAt && <p className="mt-1 text-muted wrap-anywhere">{lastError}</p>}
        {mail.failedAt && (
          <SubmitButton
            variant="secondary"
            className="mt-2"
            name="id"
            value={mail.id}
            pendingLabel="One moment…"
          >
            Send again
          </SubmitButton>
        )}
      </Cell>
      <Cell className={WIDE}>{attempts}</Cell>
      <Cell className={`whitespace-nowrap ${WIDE}`}>
        <RelativeTime at={createdAt} now={now} />
      </Cell>
    </tr>
  );
}

function State({ mail: { sentAt, failedAt }, now }: { mail: OutboxMail; now: Date }) {
  if (sentAt)
    return (
      <Badge tone="success">
        Sent <RelativeTime at={sentAt} now={now} />
      </Badge>
    );
  return failedAt ? <Badge tone="danger">Given up</Badge> : <Badge tone="info">Waiting</Badge>;
}
