import { buttonClass } from "@/app/_ui/button-class";
import { EmptyState } from "@/app/_ui/empty-state";
import { TEXT_LINK } from "@/app/_ui/text-link";
import { HIGHER_ROLE } from "@/app/admin/_console/higher-role";
import { SessionTable } from "@/app/admin/_console/session-table";
import type { ListedSession } from "@/lib/session/session";
import type { ListedUser } from "@/lib/users/find";

type TheirSessionsProps = {
  person: ListedUser;
  live: readonly ListedSession[];
  /** Whether who looks may end them. */
  isOpen: boolean;
  now: Date;
};

const SHOWN = 10;

export function TheirSessions({ person, live, isOpen, now }: TheirSessionsProps) {
  const rows = live.slice(0, SHOWN).map((session) => ({ session, user: person }));
  return (
    <section aria-labelledby="live-heading">
      <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
        <h2 id="live-heading" className="text-base font-semibold">
          Signed in now
        </h2>
        {live.length > 0 && !isOpen && <p className="text-sm text-muted">{HIGHER_ROLE}</p>}
        {live.length > 0 && isOpen && (
          <a
            href={`/admin/sessions/end?user=${person.id}`}
            className={buttonClass("secondary", "pointer-fine:min-h-9 pointer-fine:py-1")}
          >
            {live.length === 1 ? "End the session…" : `End all ${live.length} sessions…`}
          </a>
        )}
      </div>
      {live.length === 0 ? (
        <EmptyState title="Not signed in anywhere" />
      ) : (
        <SessionTable label={`Live sessions of ${person.username}`} rows={rows} now={now} isOfOne />
      )}
      {live.length > SHOWN && (
        <p className="mt-3 text-sm">
          <a href={`/admin/sessions?user=${person.id}`} className={TEXT_LINK}>
            See all {live.length}
          </a>
        </p>
      )}
    </section>
  );
}
