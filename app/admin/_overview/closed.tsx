import { Notice } from "@/app/_ui/notice";
import { wholeNumber } from "@/app/_ui/stat";
import { UserLink } from "@/app/admin/_console/user-link";
import { countClosed, findClosed } from "@/lib/auth/closed-accounts";
import { usernamesOf } from "@/lib/users/find";

const NAMED = 5;

/** Which accounts are closed after too many wrong passwords; nothing where none is. */
export async function Closed() {
  const [count, ids] = await Promise.all([countClosed(), findClosed(NAMED)]);
  if (count === 0) return null;
  const names = await usernamesOf(ids);
  return (
    <Notice tone="warning">
      {count === 1 ? "One account is" : `${wholeNumber(count)} accounts are`} closed after too many
      wrong passwords in a row:{" "}
      {ids.map((id, index) => (
        <span key={id}>
          {index > 0 && ", "}
          <UserLink id={id}>{names.get(id) ?? `user ${id}`}</UserLink>
        </span>
      ))}
      {count > ids.length && " and more"}.
    </Notice>
  );
}
