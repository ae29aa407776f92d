import type { Command } from "commander";
import { changeUser } from "@/lib/auth/change-user";
import { openForUser } from "@/lib/auth/closed-accounts";
import { ROLES, type Status } from "@/lib/db/schema";
import type { Connection } from "./connection";
import { existingUser } from "./existing-user";
import { printJson } from "./output";

/** How `--force` is told of by whatever can take the last active administrator away. */
export const FORCE = ["--force", "even if nobody is left to administer the site"] as const;

interface Options {
  readonly force?: boolean;
  readonly json?: true;
}

/** `users set-role | disable | enable | unlock` */
export function addUserChanges(users: Command, connection: Connection): void {
  users
    .command("set-role <user> <role>")
    .description(`give a user (name, e-mail or id) a role: ${ROLES.join(", ")}`)
    .option(...FORCE)
    .option("--json", "print one JSON document")
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
    .option("--json", "print one JSON document")
    .action((handle: string, options: Options) => setStatus(handle, "disabled", options));
  users
    .command("enable <user>")
    .description("let a user in again")
    .option("--json", "print one JSON document")
    .action((handle: string, options: Options) => setStatus(handle, "active", options));
  users
    .command("unlock <user>")
    .description("open an account that wrong passwords have closed")
    .option("--json", "print one JSON document")
    .action(async (handle: string, { json }: Options) => {
      await connection.open();
      const user = await existingUser(handle);
      const opened = await openForUser(user.id, {}, new Date());
      if (json) printJson({ user: user.username, opened });
      else console.log(`${user.username} ${opened ? "is open again" : "was not closed"}.`);
    });
}
