import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { exitOf, signalGroup } from "../processes";
import { Problem } from "../program";
import { findProgram, programFolders, tail } from "../programs";
import { type ServerProgram, userOptions } from "./server-program";

/**
 * Makes an empty data folder, where root has no way in over the network: MariaDB asks the socket
 * who it is, MySQL gives it a random password, which is thrown away with the log.
 */
export async function initialise(
  server: ServerProgram,
  folder: string,
  stop: AbortSignal,
): Promise<void> {
  const data = join(folder, "data");
  if (existsSync(data)) return;
  // Made under another name first, so that an interrupted attempt is never taken for a database.
  const draft = join(folder, "data.new");
  rmSync(draft, { recursive: true, force: true });
  makeFolder(draft);
  const logFile = join(folder, "initialise.log");
  const [program, ...options] = initialiser(server);
  const log = openSync(logFile, "w", 0o600);
  const folders = [`--datadir=${draft}`, ownTemporaryFolder(folder)];
  const child = spawn(program, [...options, ...folders, ...userOptions], {
    cwd: folder,
    stdio: ["ignore", log, log],
    detached: true,
  });
  const code = await exitOf(child, { stop, end: (pid) => signalGroup(pid, "SIGKILL") });
  stop.throwIfAborted();
  if (code !== 0) throw new Problem(`The database could not be made:\n${tail(logFile)}`);
  rmSync(logFile);
  renameSync(draft, data);
}

function initialiser(server: ServerProgram): [string, ...string[]] {
  if (!server.isMariadb)
    return [server.path, "--no-defaults", "--initialize", "--secure-file-priv=NULL"];
  const beside = dirname(server.path);
  const folders = [beside, join(beside, "../bin"), join(beside, "../scripts"), ...programFolders()];
  const program = findProgram(["mariadb-install-db", "mysql_install_db"], folders);
  if (!program) throw new Problem("mariadb-install-db is missing: install MariaDB's server whole.");
  return [program, "--no-defaults", "--auth-root-authentication-method=socket", "--skip-test-db"];
}

/** Makes a folder that only its owner can enter. */
function makeFolder(folder: string): void {
  mkdirSync(folder, { mode: 0o700 });
}

/**
 * An empty folder of the server's own for temporary files, as its option. In a shared one, a server
 * that starts removes what those that run are working on.
 */
export function ownTemporaryFolder(folder: string): string {
  const temporary = join(folder, "tmp");
  rmSync(temporary, { recursive: true, force: true });
  makeFolder(temporary);
  return `--tmpdir=${temporary}`;
}
