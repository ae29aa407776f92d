import "server-only";
import { readUserRecord, type WantedAccount } from "@/lib/account/import-record";
import { isUsableHash } from "@/lib/account/password";
import { createUser, DuplicateUser, findUser } from "@/lib/account/users";

/** What became of a record: an account under that user name, one that was there, or none. */
export type Imported =
  | { readonly taken: string; readonly hasPassword: boolean }
  | { readonly alreadyThere: string }
  | { readonly fault: string };

/**
 * Makes the account of one user in Django's `dumpdata`, with its hash as it is and whatever it is.
 * One that has been made before is left alone, so that a file can be imported again.
 */
export async function importUser(record: unknown, now: Date): Promise<Imported> {
  const wanted = readUserRecord(record);
  if ("fault" in wanted) return wanted;
  const { usernames, account } = wanted;
  const detail = { imported: true, role: account.role };
  for (const username of usernames)
    try {
      await createUser({ ...account, username, passwordSetAt: null }, now, { detail });
      return { taken: username, hasPassword: isUsableHash(account.passwordHash) };
    } catch (error) {
      if (!(error instanceof DuplicateUser)) throw error;
    }
  return whoHasIt(wanted);
}

async function whoHasIt({ usernames, account }: WantedAccount): Promise<Imported> {
  const found = await findUser(account.email);
  if (!found) return { fault: "username: Somebody has it already." };
  const { username } = found;
  const isTheSame = usernames.some((name) => name.toLowerCase() === username.toLowerCase());
  if (isTheSame) return { alreadyThere: username };
  return { fault: `email: The user ${username} has it already.` };
}
