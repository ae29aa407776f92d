import { databaseName } from "@/lib/db/connection";
import { ask } from "@/lib/db/inspect";
import { type Check, type Finding, fault, onDeploy, well } from "./check";

const NEEDED = ["SELECT", "INSERT", "UPDATE", "DELETE"];

/** One thing that a user may do: "SELECT ON `app`.*". */
interface Grant {
  readonly privilege: string;
  readonly object: string;
}

const GRANT = /^GRANT (?<list>.+?) ON (?<object>.+?) TO .+?(?<option> WITH GRANT OPTION)?$/s;

function grantsIn(line: string): Grant[] {
  const { list, object, option } = GRANT.exec(line)?.groups ?? {};
  // A role: what it allows is told in lines of its own, where it is in force.
  if (!list || !object) return [];
  const plain = list.replace(/\s*\([^)]*\)/g, "").split(",");
  const privileges = [...plain.map((word) => word.trim()), ...(option ? ["GRANT OPTION"] : [])];
  return privileges
    .filter((privilege) => privilege !== "USAGE")
    .map((privilege) => ({ privilege, object: object.replaceAll("\\", "") }));
}

/** Whether a user may do to a database what the app does, and nothing else (ASVS 13.2.2). */
export function grantsFinding(lines: readonly string[], database: string, user: string): Finding {
  const own = `\`${database}\`.*`;
  const grants = lines.flatMap(grantsIn);
  const has = new Set(grants.filter(({ object }) => object === own).map((each) => each.privilege));
  const excess = grants.filter((each) => each.object !== own || !NEEDED.includes(each.privilege));
  const lacks = NEEDED.filter((privilege) => !has.has(privilege) && !has.has("ALL PRIVILEGES"));
  const rights = `GRANT ${NEEDED.join(", ")} ON ${own} TO ${user};`;
  if (excess.length > 0)
    return fault(
      `the run-time user may do more than it needs: ${words(excess)}`,
      `REVOKE ALL PRIVILEGES, GRANT OPTION FROM ${user}; ${rights} Migrate with another user: docs/operations.md`,
    );
  if (lacks.length > 0) return fault(`the run-time user may not ${lacks.join(", ")}`, rights);
  return well(`${NEEDED.join(", ")} alone`);
}

function words(grants: readonly Grant[]): string {
  const shown = grants.slice(0, 4).map(({ privilege, object }) => `${privilege} on ${object}`);
  const more = grants.length > 4 ? ` and ${grants.length - 4} more` : "";
  return `${shown.join(", ")}${more}`;
}

// 'app'@'10.0.0.%', as GRANT wants it.
function quoted(currentUser: string): string {
  const at = currentUser.lastIndexOf("@");
  return `'${currentUser.slice(0, at)}'@'${currentUser.slice(at + 1)}'`;
}

export const GRANT_CHECKS: readonly Check[] = [
  onDeploy("grants", "the database user may do what the app does, and nothing else", async () => {
    const lines = (await ask("SHOW GRANTS")).map((row) => String(Object.values(row)[0]));
    const [row] = await ask("SELECT CURRENT_USER() AS user");
    return grantsFinding(lines, databaseName(), quoted(String(row?.user)));
  }),
];
