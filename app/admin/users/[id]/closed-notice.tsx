import { Notice } from "@/app/_ui/notice";
import { TEXT_LINK } from "@/app/_ui/text-link";

type ClosedNoticeProps = { id: number; mayOpen: boolean };

/** That an account lets nobody in but browsers its owner has used, and the way to change that. */
export function ClosedNotice({ id, mayOpen }: ClosedNoticeProps) {
  return (
    <Notice tone="warning">
      Closed after too many wrong passwords in a row: only browsers that they have signed in with
      before can still sign in. Their next sign-in or a new password opens the account.{" "}
      {mayOpen && (
        <a href={`/admin/users/${id}/open`} className={TEXT_LINK}>
          Open again…
        </a>
      )}
    </Notice>
  );
}
