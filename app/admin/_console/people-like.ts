import "server-only";
import { searchUsers } from "@/lib/users/find";
import { findUser } from "@/lib/users/users";

/** What belongs to so many people is looked for at once: those with the newest accounts. */
const MOST_PEOPLE = 200;

/** The ids of those whose user name, email or name holds that, or whose id it is. */
export async function idsOfPeopleLike(typed: string): Promise<number[]> {
  // Who is named in full is found on a site of any size.
  const [named, { users }] = await Promise.all([
    findUser(typed),
    searchUsers(typed, { limit: MOST_PEOPLE }),
  ]);
  return [...(named ? [named] : []), ...users].map(({ id }) => id);
}
