import "server-only";
import { z } from "zod";
import { isUsableHash } from "@/lib/auth/password";
import { db } from "@/lib/db/connection";
import { type Executor, inTransaction } from "@/lib/db/transaction";
import { isRefused } from "@/lib/refused";
import { userById } from "@/lib/users/find";
import { DJANGO, findIdentity, linkIdentity } from "@/lib/users/identities";
import { NewUserInput } from "@/lib/users/input";
import { normalIdentifier } from "@/lib/users/user";
import { createInTransaction, findUser, hasPasswordHash, type NewUser } from "@/lib/users/users";

const LONGEST_HASH = 255;
// Of the 150 characters of a user name, when a pk follows.
const ROOM_FOR_START = 100;

// Without an offset where the site has USE_TZ = False.
const moment = z.iso
  .datetime({ local: true, offset: true })
  .transform((text) => new Date(/(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`));

const UserRecord = z.object({
  pk: z.union([z.number(), z.string().regex(/^[\w-]{1,40}$/)]).nullish(),
  fields: z.object({
    username: z.string(),
    email: z.string().min(1, "There is none; an account needs one.").prefault(""),
    password: z.string().max(LONGEST_HASH),
    first_name: z.string().default(""),
    last_name: z.string().default(""),
    is_active: z.boolean().default(true),
    is_staff: z.boolean().default(false),
    is_superuser: z.boolean().default(false),
    date_joined: moment,
    last_login: moment.nullish(),
  }),
});
type Fields = z.output<typeof UserRecord>["fields"];

/** An account that somebody else's record asks for. */
export interface WantedAccount {
  /** In this order; the first that is free is taken. */
  readonly usernames: readonly string[];
  readonly account: Omit<NewUser, "username">;
  /** Their primary key there; null where the record does not tell it. */
  readonly subject: string | null;
}

/** The account of one user in Django's `dumpdata`, or a sentence for each fault of the record. */
export function readUserRecord(record: unknown): WantedAccount | { readonly fault: string } {
  const read = UserRecord.safeParse(record);
  if (!read.success) return { fault: faultOf(read.error) };
  const { fields, pk } = read.data;
  const [wanted = "", ...others] = usernamesOf(fields, pk);
  const input = NewUserInput.safeParse({ ...personOf(fields), username: wanted });
  if (!input.success) return { fault: faultOf(input.error) };
  const { username, ...person } = input.data;
  return {
    usernames: [username, ...others],
    account: { ...person, ...historyOf(fields) },
    subject: pk == null ? null : String(pk),
  };
}

/** A user name has no `@` here: of one that is the user's own email, the part before it stays. */
function usernamesOf({ username, email }: Fields, pk: unknown): string[] {
  const [own, typed] = [email, username].map((text) => normalIdentifier(text).toLowerCase());
  if (!username.includes("@") || own !== typed) return [username];
  const start = username.slice(0, username.indexOf("@"));
  return pk == null ? [start] : [start, `${start.slice(0, ROOM_FOR_START)}-${pk}`];
}

function personOf({ email, first_name, last_name, is_superuser, is_staff }: Fields) {
  const role = is_superuser ? "admin" : is_staff ? "staff" : "member";
  return { email, name: `${first_name} ${last_name}`, role };
}

function historyOf({ is_active, password, date_joined, last_login }: Fields) {
  return {
    status: is_active ? ("active" as const) : ("disabled" as const),
    passwordHash: password,
    createdAt: date_joined,
    lastSignInAt: last_login ?? null,
  };
}

function faultOf({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => `${String(path.at(-1))}: ${message}`).join(" ");
}

/** What became of a record: an account under that user name, one that was there, or none. */
export type Imported =
  | { readonly taken: string; readonly hasPassword: boolean }
  | { readonly alreadyThere: string }
  | { readonly fault: string };

/**
 * Makes the account of one user in Django's `dumpdata`, with its hash as it is and whatever it is, and notes
 * who they are there. One that has been made before is left alone, so that a file can be imported again.
 * An account that has another origin is never theirs, unless `linked` names it.
 */
export async function importUser(
  record: unknown,
  now: Date,
  linked: ReadonlySet<string> = new Set(),
): Promise<Imported> {
  const wanted = readUserRecord(record);
  if ("fault" in wanted) return wanted;
  const there = await accountOf(wanted);
  if (there) return { alreadyThere: there };
  const { usernames, account, subject } = wanted;
  const detail = { imported: true, role: account.role };
  for (const username of usernames) {
    const person = { ...account, username, passwordSetAt: null };
    const made = await inTransaction(async (transaction) => {
      const user = await createInTransaction(transaction, person, now, { detail });
      if (!isRefused(user)) await link(transaction, user.id, subject, now);
      return user;
    });
    if (isRefused(made)) continue;
    return { taken: username, hasPassword: isUsableHash(account.passwordHash) };
  }
  return whoHasIt(wanted, linked, now);
}

async function accountOf({ subject }: WantedAccount): Promise<string | null> {
  if (subject === null) return null;
  const identity = await findIdentity({ issuer: DJANGO, subject });
  return identity && ((await userById(identity.userId))?.username ?? null);
}

async function link(executor: Executor, userId: number, subject: string | null, now: Date) {
  if (subject !== null) await linkIdentity(executor, userId, { issuer: DJANGO, subject }, now);
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
