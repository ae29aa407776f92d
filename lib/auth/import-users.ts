import "server-only";
import { isUsableHash } from "@/lib/auth/password";
import { db } from "@/lib/db/connection";
import { type Executor, inTransaction } from "@/lib/db/transaction";
import { type ImportRule, readUserRecord, type WantedAccount } from "@/lib/django/user-record";
import { isRefused } from "@/lib/refused";
import { createMany, takenAmong } from "@/lib/users/create-many";
import { DJANGO, linkIdentities, usernamesOfIdentities } from "@/lib/users/identities";
import { createInTransaction, findUser, hasPasswordHash } from "@/lib/users/users";

/** What became of a record: an account under that user name, one that was there, or none. */
export type Imported =
  | { readonly taken: string; readonly hasPassword: boolean }
  | { readonly alreadyThere: string }
  | { readonly fault: string };

/** How records are taken over. */
export interface ImportWish extends ImportRule {
  /** The user names of accounts here that are the ones of the file, whatever their origin. */
  readonly linked?: ReadonlySet<string>;
}

/**
 * Makes the accounts of users in Django's `dumpdata`, with their hashes as they are and whatever they are, and
 * notes who they are there; what became of each, in their order. One that has been made before is left alone,
 * so that a file can be imported again. An account that has another origin is never theirs, unless `linked`
 * names it.
 */
export async function importUsers(
  records: readonly unknown[],
  now: Date,
  wish: ImportWish = {},
): Promise<Imported[]> {
  const wanted = records.map((record) => readUserRecord(record, wish));
  const readable = wanted.flatMap((each) => ("fault" in each ? [] : each));
  const there = await accountsOf(readable);
  const fresh = await withoutRivals(readable.filter(({ subject }) => !there.has(subject ?? "")));
  const made = new Set(await makeTogether(fresh, now));
  const outcomes: Imported[] = [];
  for (const each of wanted) outcomes.push(await outcomeOf(each));
  return outcomes;

  async function outcomeOf(each: (typeof wanted)[number]): Promise<Imported> {
    if ("fault" in each) return each;
    const username = there.get(each.subject ?? "");
    if (username !== undefined) return { alreadyThere: username };
    return made.has(each) ? taken(each, firstNameOf(each)) : importOne(each, now, wish);
  }
}

function taken({ account }: WantedAccount, username: string): Imported {
  return { taken: username, hasPassword: isUsableHash(account.passwordHash) };
}

/** Those whose first name and whose email nobody has, and no other of them wants. */
async function withoutRivals(wanted: readonly WantedAccount[]): Promise<WantedAccount[]> {
  const people = wanted.map((each) => ({ username: firstNameOf(each), ...each.account }));
  const claimed = new Set(await takenAmong(db(), people));
  return wanted.filter((each) => {
    const names = [firstNameOf(each), each.account.email].map((name) => name.toLowerCase());
    // No user name and no email has a blank.
    const keys = each.subject === null ? names : [...names, `pk ${each.subject}`];
    if (keys.some((key) => claimed.has(key))) return false;
    for (const key of keys) claimed.add(key);
    return true;
  });
}

const firstNameOf = ({ usernames: [first = ""] }: WantedAccount) => first;

/** Makes all of them at once, or none: then somebody was quicker, or letters are alike to the database. */
async function makeTogether(
  wanted: readonly WantedAccount[],
  now: Date,
): Promise<readonly WantedAccount[]> {
  if (wanted.length === 0) return [];
  const people = wanted.map((each) => ({
    ...each.account,
    username: firstNameOf(each),
    passwordSetAt: null,
  }));
  const ids = await inTransaction(async (transaction) => {
    const made = await createMany(transaction, people, now);
    if (isRefused(made)) return made;
    const known = wanted.flatMap((each) => {
      const { subject } = each;
      if (subject === null) return [];
      const userId = made.get(firstNameOf(each));
      if (userId === undefined)
        throw new Error(`the user ${subject} there was made, and is not here`);
      return [{ userId, issuer: DJANGO, subject }];
    });
    await linkIdentities(transaction, known, now);
    return made;
  });
  return isRefused(ids) ? [] : wanted;
}

async function importOne(
  wanted: WantedAccount,
  now: Date,
  { linked = new Set() }: ImportWish,
): Promise<Imported> {
  const [there] = (await accountsOf([wanted])).values();
  if (there !== undefined) return { alreadyThere: there };
  const { usernames, account, subject } = wanted;
  const detail = { imported: true, role: account.role };
  for (const username of usernames) {
    const person = { ...account, username, passwordSetAt: null };
    const made = await inTransaction(async (transaction) => {
      const user = await createInTransaction(transaction, person, now, { detail });
      if (!isRefused(user)) await link(transaction, user.id, subject, now);
      return user;
    });
    if (!isRefused(made)) return taken(wanted, username);
  }
  return whoHasIt(wanted, linked, now);
}

/** The user names of those who have an account here that is theirs, by who they are there. */
async function accountsOf(wanted: readonly WantedAccount[]): Promise<ReadonlyMap<string, string>> {
  const subjects = wanted.flatMap(({ subject }) => subject ?? []);
  return usernamesOfIdentities(DJANGO, subjects);
}

async function link(executor: Executor, userId: number, subject: string | null, now: Date) {
  if (subject !== null) await linkIdentities(executor, [{ userId, issuer: DJANGO, subject }], now);
}

async function whoHasIt(
  { usernames, account, subject }: WantedAccount,
  linked: ReadonlySet<string>,
  now: Date,
): Promise<Imported> {
  const found = await findUser(account.email);
  if (!found) return { fault: "username: Somebody has it already." };
  const { id, username } = found;
  const isTheSame = usernames.some((name) => name.toLowerCase() === username.toLowerCase());
  if (!isTheSame) return { fault: `email: The user ${username} has it already.` };
  // Whoever was imported before identities were noted, and has not signed in since.
  const isImported = await hasPasswordHash(id, account.passwordHash);
  if (!isImported && !linked.has(username) && subject !== null)
    return {
      fault: `${username} has an account of another origin; --link ${username} says that it is theirs.`,
    };
  await link(db(), id, subject, now);
  return { alreadyThere: username };
}
