import { ask, serverVariables } from "@/lib/db/ask";
import { POOL_SIZE } from "@/lib/db/connection";
import { type Check, type Finding, unless } from "./check";

// For people, backups and replication.
const SPARE = 5;

/** Whether the server has room for the pools of all instances, and of one more while they change. */
export function capacityFinding(instances: number, mostConnections: number): Finding {
  const needed = POOL_SIZE * (instances + 1) + SPARE;
  return unless(
    needed <= mostConnections,
    `${instances} instance(s) of ${POOL_SIZE}, and one more while they change, of ${mostConnections}`,
    `${instances} instance(s) of ${POOL_SIZE} connections need ${needed} with one more while they change; the server takes ${mostConnections}`,
    `[mysqld] max_connections = ${needed}`,
  );
}

/** How many instances are to be seen: by the hosts of our user's connections, and by their number. */
async function instancesSeen(): Promise<number> {
  const rows = await ask("SHOW PROCESSLIST");
  const [self] = await ask("SELECT SUBSTRING_INDEX(USER(), '@', 1) AS user");
  const ours = rows.filter(({ User }) => User === self?.user);
  const hosts = new Set(ours.map(({ Host }) => String(Host).replace(/:\d+$/, "")));
  return Math.max(hosts.size, Math.ceil(ours.length / POOL_SIZE), 1);
}

export const CAPACITY_CHECKS: readonly Check[] = [
  {
    id: "connections",
    title: "the server has connections for every instance",
    run: async () => {
      const variables = await serverVariables("max_connections");
      return capacityFinding(await instancesSeen(), Number(variables.get("max_connections")));
    },
  },
];
