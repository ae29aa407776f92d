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
          <HeadCell>What, and to whom</HeadCell>
          <HeadCell>State</HeadCell>
          <HeadCell className={WIDE}>Tries</HeadCell>
          <HeadCell className={WIDE}>Written</HeadCell>
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
  const { kind, recipient, userId, attempts, createdAt } = mail;
  return (
    <tr className="hover:bg-sunken">
      <Cell className="wrap-anywhere">
        <p>{KIND_WORDS.get(kind) ?? kind}</p>
        {userId ? <UserLink id={userId}>{recipient}</UserLink> : recipient}
      </Cell>
      <Cell>
        <State mail={mail} now={now} />
      </Cell>
      <Cell className={WIDE}>{attempts}</Cell>
      <Cell className={`whitespace-nowrap ${WIDE}`}>
        <RelativeTime at={createdAt} now={now} />
      </Cell>
    </tr>
  );
}

function State({ mail, now }: { mail: OutboxMail; now: Date }) {
  const { id, sentAt, failedAt, lastError } = mail;
  if (sentAt)
    return (
      <>
        <Badge tone="success">Sent</Badge>
        <p className="mt-1 text-muted">
          <RelativeTime at={sentAt} now={now} />
        </p>
      </>
    );
  return (
    <>
      {failedAt ? <Badge tone="danger">Given up</Badge> : <Badge tone="info">Waiting</Badge>}
      {lastError && <p className="mt-1 text-muted wrap-anywhere">{lastError}</p>}
      {failedAt && (
        <SubmitButton
          variant="secondary"
          className="mt-2"
          name="id"
          value={id}
          pendingLabel="One moment…"
        >
          Send again
        </SubmitButton>
      )}
    </>
  );
}
