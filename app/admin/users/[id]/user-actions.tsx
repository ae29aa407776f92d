import { buttonClass } from "@/app/_ui/button-class";
import { mailWay } from "@/lib/mail/outbox";
import type { ListedUser } from "@/lib/users/find";

type UserActionsProps = { person: ListedUser; isOwn: boolean };

/** Each leads to a page that asks for a recent password, and says what will happen. */
export function UserActions({ person: { id, status, factorsChangedAt }, isOwn }: UserActionsProps) {
  return (
    <div className="flex flex-wrap gap-3">
      <a href={`/admin/users/${id}/edit`} className={buttonClass("secondary")}>
        Edit…
      </a>
      {!isOwn && mailWay() !== "none" && (
        <a href={`/admin/users/${id}/link`} className={buttonClass("secondary")}>
          Send a link to set a new password…
        </a>
      )}
      {!isOwn && (
        <a href={`/admin/users/${id}/password`} className={buttonClass("secondary")}>
          Set a temporary password…
        </a>
      )}
      {!isOwn && factorsChangedAt && (
        <a href={`/admin/users/${id}/factors`} className={buttonClass("secondary")}>
          Reset the second factor…
        </a>
      )}
      <a href={`/admin/users/${id}/status`} className={buttonClass("secondary")}>
        {status === "active" ? "Disable…" : "Enable…"}
      </a>
    </div>
  );
}
