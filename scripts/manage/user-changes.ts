import type { Command } from "commander";
import { changeUser } from "@/lib/account/change-user";
import { ROLES } from "@/lib/db/schema";
import type { Connection } from "./connection";
import { existingUser } from "./existing-user";
import { printJson } from "./output";

/** `users set-role | disable | enable` */
export function addUserChanges(users: Command, connection: Connection): void {
  users
    .command("set-role <user> <role>")
    .description(`give a user (name, e-mail or id) a role: ${ROLES.join(", ")}`)
    .option("--json", "print one JSON document")
    .action(async (handle: string, role: string, options: { json?: true }, command: Command) => {
      const wanted = ROLES.find((known) => known === role);
      if (!wanted) command.error(`error: ${role} is no role: ${ROLES.join(", ")}`);
      await connection.open();
      const user = await existingUser(handle);
      await changeUser({ userId: user.id }, { role: wanted }, new Date());
      if (options.json) printJson({ user: user.username, role });
      else console.log(`${user.username} is ${role} now.`);
    });
  for (const [verb, status] of [
    ["disable", "disabled"],
    ["enable", "active"],
  ] as const)
    users
      .command(`${verb} <user>`)
      .description(
        status === "disabled" ? "shut a user out; ends their sessions" : "let a user in again",
      )
      .option("--json", "print one JSON document")
      .action(async (handle: string, options: { json?: true }) => {
        await connection.open();
        const user = await existingUser(handle);
        const { ended } = await changeUser({ userId: user.id }, { status }, new Date());
        if (options.json) printJson({ user: user.username, status, ended });
        else console.log(`${user.username} is ${status} now; ${ended} session(s) ended.`);
      });
}
