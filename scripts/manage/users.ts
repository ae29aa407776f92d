import { type Command, Option } from "commander";
import { z } from "zod";
import { setPassword, UnfitPassword } from "@/lib/auth/change-password";
import { changeUser } from "@/lib/auth/change-user";
import { openForUser } from "@/lib/auth/closed-accounts";
import { generatePassword, hashPassword, TEMPORARY_PASSWORD_DAYS } from "@/lib/auth/password";
import { passwordFault } from "@/lib/auth/password-rules";
import { ROLES, type Role, STATUSES, type Status } from "@/lib/db/schema";
import { NewUserInput } from "@/lib/users/input";
import { createUser, listUsers } from "@/lib/users/users";
import { Problem } from "../program";
import { FORCE } from "./arguments";
import { type Connection, existingUser } from "./connection";
import { addUserImport } from "./import";
import { printJson, printTable } from "./output";
import { isSomebodyThere, passwordFromInput, typedPassword } from "./terminal";
import { addUserData } from "./user-data";

interface CreateOptions {
  username: string;
  email: string;
  name: string;
  role: string;
  passwordStdin?: true;
  generatePassword?: true;
  json?: true;
}

interface SetPasswordOptions {
  passwordStdin?: true;
  json?: true;
}

/** `users create | list | set-password`, and what other files add */
export function addUserCommands(program: Command, connection: Connection): void {
  const users = program.command("users").description("people who can sign in");
  addUserChanges(users, connection);
  addUserImport(users, connection);
  addUserData(users, connection);
  users
    .command("create")
    .description("add a user; the password is asked for, comes from standard input, or is made up")
    .requiredOption("--username <name>", "the name to sign in with")
    .requiredOption("--email <address>", "the e-mail to sign in with")
    .option("--name <name>", "how the person is called", "")
    .addOption(new Option("--role <role>", "what they may do").choices(ROLES).default("member"))
    .addOption(new Option("--password-stdin", "read the password").conflicts("generatePassword"))
    .option("--generate-password", "make a random password, print it once; it is temporary")
    .action(async (options: CreateOptions, command: Command) => {
      if (!options.passwordStdin && !options.generatePassword && !isSomebodyThere())
        command.error("error: give --password-stdin or --generate-password");
      await connection.open();
      await create(options);
    });
  users
    .command("list")
    .description("every user, with role and status")
    .addOption(new Option("--role <role>", "of this role").choices(ROLES))
    .addOption(new Option("--status <status>", "of this status").choices(STATUSES))
    .action(async (options: { role?: Role; status?: Status; json?: true }) => {
      await connection.open();
      await list(options);
    });
  users
    .command("set-password <user>")
    .description("give a user (name, e-mail or id) a new password; ends their sessions")
    .option("--password-stdin", "read the password; without it, it is asked for at a terminal")
    .action(async (handle: string, options: SetPasswordOptions, command: Command) => {
      if (!options.passwordStdin && !isSomebodyThere())
        command.error("error: give --password-stdin: there is no terminal to ask at");
      await connection.open();
      await changePassword(handle, options);
    });
}

async function create(options: CreateOptions): Promise<void> {
  const { username, email, name, role, json } = options;
  const input = NewUserInput.safeParse({ username, email, name, role });
  if (!input.success) throw new Problem(z.prettifyError(input.error));
  const password = options.generatePassword ? generatePassword() : await givenPassword(options);
  const fault = await passwordFault(password, input.data);
  if (fault) throw new UnfitPassword(fault);
  const passwordHash = await hashPassword(password);
  const passwordIsTemporary = options.generatePassword ?? false;
  const user = await createUser({ ...input.data, passwordHash, passwordIsTemporary }, new Date());
  const shown = options.generatePassword ? { password } : {};
  if (json) return printJson({ user: { ...user, id: String(user.id) }, ...shown });
  console.log(`Created ${user.role} ${user.username} (id ${user.id}).`);
  if (!options.generatePassword) return;
  console.log(`password: ${password}`);
  console.log(
    `It is temporary: good for ${TEMPORARY_PASSWORD_DAYS} days, until they set their own.`,
  );
}

async function list(options: { role?: Role; status?: Status; json?: true }): Promise<void> {
  const users = await listUsers(options);
  const rows = users.map((user) => ({ ...user, id: String(user.id) }));
  if (options.json) return printJson({ users: rows });
  const shown = rows.map(({ passwordIsTemporary, passwordSetAt: _, ...row }) => ({
    ...row,
    password: passwordIsTemporary ? "temporary password" : "",
  }));
  printTable(shown, "There are no users.");
}

async function changePassword(handle: string, options: SetPasswordOptions): Promise<void> {
  const user = await existingUser(handle);
  const ended = await setPassword(user, await givenPassword(options), new Date());
  if (options.json) return printJson({ user: user.username, ended });
  console.log(`${user.username} has a new password; ${ended} session(s) ended.`);
}

async function givenPassword({ passwordStdin }: SetPasswordOptions): Promise<string> {
  return passwordStdin ? passwordFromInput() : typedPassword();
}

interface Options {
  readonly force?: boolean;
  readonly json?: true;
}

/** `users set-role | disable | enable | unlock` */
function addUserChanges(users: Command, connection: Connection): void {
  users
    .command("set-role <user> <role>")
    .description(`give a user (name, e-mail or id) a role: ${ROLES.join(", ")}`)
    .option(...FORCE)
    .action(async (handle: string, role: string, options: Options, command: Command) => {
      const wanted = ROLES.find((known) => known === role);
      if (!wanted) command.error(`error: ${role} is no role: ${ROLES.join(", ")}`);
      await connection.open();
      const user = await existingUser(handle);
      const { force = false } = options;
      await changeUser({ userId: user.id, force }, { role: wanted }, new Date());
      if (options.json) printJson({ user: user.username, role });
      else console.log(`${user.username} is ${role} now.`);
    });
  const setStatus = async (handle: string, status: Status, { force = false, json }: Options) => {
    await connection.open();
    const user = await existingUser(handle);
    const { ended } = await changeUser({ userId: user.id, force }, { status }, new Date());
    if (json) printJson({ user: user.username, status, ended });
    else console.log(`${user.username} is ${status} now; ${ended} session(s) ended.`);
  };
  users
    .command("disable <user>")
    .description("shut a user out; ends their sessions")
    .option(...FORCE)
    .action((handle: string, options: Options) => setStatus(handle, "disabled", options));
  users
    .command("enable <user>")
    .description("let a user in again")
    .action((handle: string, options: Options) => setStatus(handle, "active", options));
  users
    .command("unlock <user>")
    .description("open an account that wrong passwords have closed")
    .action(async (handle: string, { json }: Options) => {
      await connection.open();
      const user = await existingUser(handle);
      const opened = await openForUser(user.id, {}, new Date());
      if (json) printJson({ user: user.username, opened });
      else console.log(`${user.username} ${opened ? "is open again" : "was not closed"}.`);
    });
}
