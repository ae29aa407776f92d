import type { Metadata } from "next";
import { FilterForm } from "@/app/_ui/filter-form";
import { NothingFound } from "@/app/_ui/nothing-found";
import { Notice } from "@/app/_ui/notice";
import { PageLinks } from "@/app/_ui/page-links";
import { SelectField } from "@/app/_ui/select-field";
import { addressWith } from "@/app/admin/_console/address";
import { ConsolePage } from "@/app/admin/_console/console-page";
import { idsOfPeopleLike } from "@/app/admin/_console/people-like";
import { ROWS_PER_PAGE } from "@/app/admin/_console/query";
import { SearchField } from "@/app/admin/_console/search-field";
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
  const { q, cursor, state } = MailQuery.parse(await searchParams);
  const isFiltered = Boolean(q || state);
  const userIds = q ? await idsOfPeopleLike(q) : undefined;
  const [found, { waiting, failed }] = await Promise.all([
    listMail({ state, userIds, beforeId: cursor }, ROWS_PER_PAGE + 1),
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
      <FilterForm action={PATH} label="Find mail" isFiltered={isFiltered}>
        <SearchField label="Search" placeholder="Part of a user name, name or email" typed={q} />
        <SelectField key={state} label="State" name="state" defaultValue={state ?? ""}>
          <option value="">Any</option>
          <option value="waiting">Waiting</option>
          <option value="sent">Sent</option>
          <option value="failed">Given up</option>
        </SelectField>
      </FilterForm>
      <RetryForm hasFailed={failed > 0}>
        {mails.length === 0 ? (
          <NothingFound title="No mail" isFiltered={isFiltered} goesOn={false} />
        ) : (
          <MailTable mails={mails} now={new Date()} />
        )}
      </RetryForm>
      <PageLinks
        first={cursor ? addressWith(PATH, { q, state }) : null}
        next={next ? addressWith(PATH, { q, state, cursor: next }) : null}
      />
    </ConsolePage>
  );
}
