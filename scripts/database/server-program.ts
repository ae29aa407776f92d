import { spawnSync } from "node:child_process";
import { canInstallPackages, installPackages } from "../debian";
import { findProgram, programFolders } from "../find-program";
import { Problem } from "../program";

export interface ServerProgram {
  readonly path: string;
  readonly isMariadb: boolean;
}

const NAMES = ["mariadbd", "mysqld"];
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
  { folders = programFolders(), mayInstall = canInstallPackages() } = {},
): Promise<ServerProgram> {
  const path = wanted ?? findProgram(NAMES, folders);
  if (path) return describe(path);
  if (!mayInstall) throw new Problem(NO_SERVER);
  // The core packages hold the programs and no system service.
  await installPackages(["mariadb-server-core", "mariadb-client-core"], logFile, stop);
  const brought = findProgram(NAMES, folders);
  if (!brought) throw new Problem(NO_SERVER);
  return describe(brought);
}

function describe(path: string): ServerProgram {
  const { stdout, stderr, error } = spawnSync(path, ["--version"], { encoding: "utf8" });
  if (error) throw new Problem(`${path} cannot be run: ${error.message}`);
  return { path, isMariadb: /mariadb/i.test(stdout + stderr) };
}
