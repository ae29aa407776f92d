import { z } from "zod";
import { ROLES, type Role } from "@/lib/roles";
import { NewUserInput } from "@/lib/users/input";
import { normalIdentifier } from "@/lib/users/user";
import type { NewUser } from "@/lib/users/users";

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
    groups: z.array(z.unknown()).default([]),
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

/** How the records of a site are read that has its own model of users. */
export interface ImportRule {
  /** The name that a field has there, by its name in Django's own model. */
  readonly fields?: Readonly<Record<string, string>>;
  /** The role of whoever is in a group; null where it gives none. */
  readonly roleOfGroup?: (group: unknown) => Role | null;
}

/** The account of one user in Django's `dumpdata`, or a sentence for each fault of the record. */
export function readUserRecord(
  record: unknown,
  rule: ImportRule = {},
): WantedAccount | { readonly fault: string } {
  const read = UserRecord.safeParse(renamed(record, rule));
  if (!read.success) return { fault: faultOf(read.error) };
  const { fields, pk } = read.data;
  const [wanted = "", ...others] = usernamesOf(fields, pk);
  const person = { ...personOf(fields), role: roleOf(fields, rule), username: wanted };
  const input = NewUserInput.safeParse(person);
  if (!input.success) return { fault: faultOf(input.error) };
  const { username, ...about } = input.data;
  return {
    usernames: [username, ...others],
    account: { ...about, ...historyOf(fields) },
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

const Renamable = z.looseObject({ fields: z.record(z.string(), z.unknown()) });

function renamed(record: unknown, { fields: names = {} }: ImportRule): unknown {
  const read = Renamable.safeParse(record);
  if (!read.success) return record;
  const { fields } = read.data;
  const own = Object.entries(names).map(([ours, theirs]) => [ours, fields[theirs]]);
  return { ...read.data, fields: { ...fields, ...Object.fromEntries(own) } };
}

function personOf({ email, first_name, last_name }: Fields) {
  return { email, name: `${first_name} ${last_name}` };
}

// The highest that any of it gives.
function roleOf({ is_superuser, is_staff, groups }: Fields, { roleOfGroup }: ImportRule): Role {
  const given = new Set<Role | null | undefined>(groups.map((group) => roleOfGroup?.(group)));
  if (is_staff) given.add("staff");
  if (is_superuser) given.add("admin");
  return ROLES.findLast((role) => given.has(role)) ?? "member";
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
