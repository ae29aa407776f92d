import { spawnSync } from "node:child_process";
import { Problem } from "../program";
import { findOrInstall } from "../programs";

export interface ServerProgram {
  readonly path: string;
  readonly isMariadb: boolean;
}

// The core packages hold the programs and no system service.
const PACKAGES = ["mariadb-server-core", "mariadb-client-core"];
const NO_SERVER = `There is no database server here, and none can be brought. One of these three helps:
  - install MariaDB or MySQL, so that there is a mariadbd or mysqld; it need not be started
  - set DATABASE_URL=mysql://user:password@host:port/database to a server that runs elsewhere
  - on Debian or Ubuntu, run this once as root, which installs mariadb-server-core
Then start again.`;

/**
 * A server runs as whoever starts it: its folder lies in one that is closed to everybody else, a lesser
 * account included. As root it refuses to run unless it is told to.
 */
export const userOptions: readonly string[] = process.getuid?.() === 0 ? ["--user=root"] : [];

/** The server to run: `wanted`, or the machine's own, or Debian's, brought now. */
export async function serverProgram(
  logFile: string,
  stop: AbortSignal,
  wanted?: string,
  where: { folders?: string[]; mayInstall?: boolean } = {},
): Promise<ServerProgram> {
  const server = { names: ["mariadbd", "mysqld"], packages: PACKAGES, logFile, lack: NO_SERVER };
  return describe(wanted ?? (await findOrInstall({ ...server, ...where }, stop)));
}

function describe(path: string): ServerProgram {
  const { stdout, stderr, error } = spawnSync(path, ["--version"], { encoding: "utf8" });
  if (error) throw new Problem(`${path} cannot be run: ${error.message}`);
  return { path, isMariadb: /mariadb/i.test(stdout + stderr) };
}
