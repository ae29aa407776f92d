import { Argument, type CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import { z } from "zod";
import { openForUser, setPassword } from "@/lib/auth/change-password";
import { addUser, changeUser } from "@/lib/auth/change-user";
import { generatePassword, hashPassword, TEMPORARY_PASSWORD_DAYS } from "@/lib/auth/password";
import { refusedPassword } from "@/lib/auth/password-rules";
import { STATUSES, type Status } from "@/lib/db/schema";
import { ROLES } from "@/lib/roles";
import { listUsers } from "@/lib/users/find";
import { NewUserInput } from "@/lib/users/input";
import type { User } from "@/lib/users/user";
import { taken } from "../explain";
import { Problem } from "../program";
import { FORCE } from "./arguments";
import { type Connection, existingUser } from "./connection";
import { addFactorCommands } from "./factors";
import { addUserImport } from "./import";
import { type Outcome, printTable } from "./output";
import { isSomebodyThere, passwordFromInput, typedPassword } from "./terminal";
import { addUserData } from "./user-data";

/** `users create | list | set-password`, and what other files add */
export function addUserCommands(users: CommandUnknownOpts, connection: Connection): void {
  for (const add of [addUserChanges, addUserImport, addUserData, addFactorCommands])
    add(users, connection);
  users
    .command("create")
    .description("add a user; the password is asked for, comes from standard input, or is made up")
    .requiredOption("--username <name>", "the name to sign in with")
    .requiredOption("--email <address>", "the e-mail to sign in with")
    .option("--name <name>", "how the person is called", "")
    .addOption(new Option("--role <role>", "what they may do").choices(ROLES).default("member"))
    .addOption(new Option("--password-stdin", "read the password").conflicts("generatePassword"))
    .option("--generate-password", "make a random password, print it once; it is temporary")
    .hook("preAction", (verb) => expectPassword(verb, "--password-stdin or --generate-password"))
    .action(connection.does(create));
  users
    .command("list")
    .description("every user, with role and status")
    .addOption(new Option("--role <role>", "of this role").choices(ROLES))
    .addOption(new Option("--status <status>", "of this status").choices(STATUSES))
    .action(
      connection.does(async ({ role, status }) => {
        const rows = (await listUsers({ role, status })).map(withTextId);
        return { json: { users: rows }, words: () => printTable(rows.map(shown), "No users.") };
      }),
    );
  users
    .command("set-password <user>")
    .description("give a user (name, e-mail or id) a new password; ends their sessions")
    .option("--password-stdin", "read the password; without it, it is asked for at a terminal")
    .hook("preAction", (verb) => expectPassword(verb, "--password-stdin"))
    .action(
      connection.does(async (handle, { passwordStdin }) => {
        const user = await existingUser(handle);
        const password = await (passwordStdin ? passwordFromInput() : typedPassword());
        const ended = taken(await setPassword(user, password, new Date()));
        const words = `${user.username} has a new password; ${ended} session(s) ended.`;
        return { json: { user: user.username, ended }, words };
      }),
    );
}

/** Wrong usage where a password is neither given by one of the options nor can be typed. */
function expectPassword(verb: CommandUnknownOpts, options: string): void {
  const { passwordStdin, generatePassword: isMade } = verb.opts();
  if (!passwordStdin && !isMade && !isSomebodyThere())
    verb.error(`error: give ${options}: there is no terminal to ask at`);
}

const TEMPORARY = `It is temporary: good for ${TEMPORARY_PASSWORD_DAYS} days, until they set their own.`;

interface CreateOptions extends z.input<typeof NewUserInput> {
  readonly passwordStdin?: true | undefined;
  readonly generatePassword?: true | undefined;
}

async function create(options: CreateOptions): Promise<Outcome> {
  const { passwordStdin, generatePassword: isMade = false, username, email, name, role } = options;
  const input = NewUserInput.safeParse({ username, email, name, role });
  if (!input.success) throw new Problem(z.prettifyError(input.error));
  const password = isMade
    ? generatePassword()
    : await (passwordStdin ? passwordFromInput() : typedPassword());
  taken(await refusedPassword(password, input.data));
  const passwordHash = taken(await hashPassword(password));
  const own = { passwordHash, passwordIsTemporary: isMade };
  const user = taken(await addUser(input.data, own, {}, new Date()));
  const words = [
    `Created ${user.role} ${user.username} (id ${user.id}).`,
    ...(isMade ? [`password: ${password}`, TEMPORARY] : []),
  ];
  const json = { user: withTextId(user), ...(isMade ? { password } : {}) };
  return { json, words: words.join("\n") };
}

const withTextId = (user: User) => ({ ...user, id: String(user.id) });

function shown({ passwordIsTemporary, passwordSetAt: _, ...row }: ReturnType<typeof withTextId>) {
  return { ...row, password: passwordIsTemporary ? "temporary password" : "" };
}

/** `users set-role | disable | enable | unlock` */
function addUserChanges(users: CommandUnknownOpts, connection: Connection): void {
  users
    .command("set-role <user>")
    .addArgument(new Argument("<role>", "the role that they have from now on").choices(ROLES))
    .description(`give a user (name, e-mail or id) a role: ${ROLES.join(", ")}`)
    .option(...FORCE)
    .action(
      connection.does(async (handle, role, { force = false }) => {
        const { id, username } = await existingUser(handle);
        taken(await changeUser({ userId: id, force }, { role }, new Date()));
        return { json: { user: username, role }, words: `${username} is ${role} now.` };
      }),
    );
  users
    .command("disable <user>")
    .description("shut a user out; ends their sessions")
    .option(...FORCE)
    .action(connection.does((handle, options) => setStatus(handle, "disabled", options)));
  users
    .command("enable <user>")
    .description("let a user in again")
    .action(connection.does((handle) => setStatus(handle, "active")));
  users
    .command("unlock <user>")
    .description("open an account that wrong passwords have closed")
    .action(
      connection.does(async (handle) => {
        const { id, username } = await existingUser(handle);
        const opened = taken(await openForUser(id, {}, new Date()));
        const words = `${username} ${opened ? "is open again" : "was not closed"}.`;
        return { json: { user: username, opened }, words };
      }),
    );
}

async function setStatus(handle: string, status: Status, { force = false } = {}): Promise<Outcome> {
  const { id, username } = await existingUser(handle);
  const { ended } = taken(await changeUser({ userId: id, force }, { status }, new Date()));
  const words = `${username} is ${status} now; ${ended} session(s) ended.`;
  return { json: { user: username, status, ended }, words };
}
