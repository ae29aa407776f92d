import type { Metadata } from "next";
import { FilterForm } from "@/app/_ui/filter-form";
import { NothingFound } from "@/app/_ui/nothing-found";
import { Notice } from "@/app/_ui/notice";
import { PageLinks } from "@/app/_ui/page-links";
import { SelectField } from "@/app/_ui/select-field";
import { addressWith } from "@/app/admin/_console/address";
import { ConsolePage } from "@/app/admin/_console/console-page";
import { ROWS_PER_PAGE } from "@/app/admin/_console/query";
import { MailTable } from "@/app/admin/mail/mail-table";
import { MailQuery } from "@/app/admin/mail/query";
import { RetryForm } from "@/app/admin/mail/retry-form";
import { listMail, outboxState } from "@/lib/mail/list";
import { mailWay } from "@/lib/mail/outbox";
import { requireRole } from "@/lib/request/guards";

const PATH = "/admin/mail";

export async function generateMetadata(): Promise<Metadata> {
  await requireRole("staff");
  return { title: "Mail" };
}

export default async function MailPage({ searchParams }: PageProps<"/admin/mail">) {
  const { user } = await requireRole("staff");
  const { cursor, state } = MailQuery.parse(await searchParams);
  const [found, { waiting, failed }] = await Promise.all([
    listMail({ state, beforeId: cursor }, ROWS_PER_PAGE + 1),
    outboxState(),
  ]);
  const mails = found.slice(0, ROWS_PER_PAGE);
  const next = found.length > ROWS_PER_PAGE ? mails.at(-1)?.id : undefined;
  return (
    <ConsolePage
      user={user}
      current={PATH}
      title="Mail"
      lead={`${waiting} waiting, ${failed} given up. What was sent is kept for 30 days.`}
    >
      {mailWay() === "none" && (
        <div className="mb-6">
          <Notice tone="warning">
            This site sends no mail, since SMTP_URL is not set. Whoever forgets a password has to
            ask an administrator.
          </Notice>
        </div>
      )}
      <FilterForm action={PATH} label="Narrow down the mail" isFiltered={state !== undefined}>
        <SelectField key={state} label="State" name="state" defaultValue={state ?? ""}>
          <option value="">Any</option>
          <option value="waiting">Waiting</option>
          <option value="sent">Sent</option>
          <option value="failed">Given up</option>
        </SelectField>
      </FilterForm>
      <RetryForm hasFailed={failed > 0}>
        {mails.length === 0 ? (
          <NothingFound title="No mail" isFiltered={state !== undefined} goesOn={false} />
        ) : (
          <MailTable mails={mails} now={new Date()} />
        )}
      </RetryForm>
      <PageLinks
        first={cursor ? addressWith(PATH, { state }) : null}
        next={next ? addressWith(PATH, { state, cursor: next }) : null}
      />
    </ConsolePage>
  );
}
