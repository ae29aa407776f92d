import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readState } from "@/scripts/database/server-state";
import { markOf, stopGroup } from "@/scripts/processes";
import { dataFolder } from "@/scripts/root";

/** The folders of servers that tests started; each name ends in the number of the process. */
export const testServers = join(dataFolder, "test", "servers");

/** Stops and removes the servers of test runs that were killed before they could. */
export async function clearTestServers(): Promise<void> {
  if (!existsSync(testServers)) return;
  for (const name of readdirSync(testServers)) {
    const owner = Number(name.split("-").pop());
    if (markOf(owner)) continue;
    const folder = join(testServers, name);
    const server = readState(join(folder, "server.json"))?.server;
    if (server) await stopGroup(server, 0);
    rmSync(folder, { recursive: true, force: true });
  }
}
