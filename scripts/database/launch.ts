import { type ChildProcess, spawn } from "node:child_process";
import { openSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { createConnection } from "mysql2/promise";
import { writePrivately } from "../private-files";
import { markOf, type ProcessMark, stopGroup } from "../processes";
import { Problem } from "../program";
import { tail } from "../programs";
import { ownTemporaryFolder } from "./initialise";
import { type ServerProgram, userOptions } from "./server-program";

/** Somebody whom the server lets in from this machine. */
export interface DatabaseUser {
  readonly name: string;
  readonly password: string;
}

/** One for tables, one for rows: who gets hold of the app can neither add a trigger nor drop the log. */
export interface DatabaseUsers {
  readonly migrating: DatabaseUser;
  readonly runtime: DatabaseUser;
}

interface Launch {
  readonly server: ServerProgram;
  readonly folder: string;
  readonly port: number;
  /** Of the database. */
  readonly name: string;
  readonly users: DatabaseUsers;
  readonly extra: readonly string[];
  readonly sql: readonly string[];
}

const READY_MILLISECONDS = 90_000;

/** Starts the server in a group of its own, where a terminal's Ctrl-C does not reach it. */
export async function launch(plan: Launch, stop: AbortSignal): Promise<ProcessMark> {
  const data = join(plan.folder, "data");
  // A killed server leaves the lock of its socket, which may name a process that exists again.
  for (const file of readdirSync(data).filter((name) => name.startsWith("db.sock")))
    rmSync(join(data, file));
  const initFile = join(plan.folder, "init.sql");
  writePrivately(initFile, accountSql(plan));
  const logFile = join(plan.folder, "server.log");
  const log = openSync(logFile, "w", 0o600);
  const child = spawn(plan.server.path, options(plan, data, initFile), {
    cwd: data,
    stdio: ["ignore", log, log],
    detached: true,
  });
  child.unref();
  const mark = child.pid ? markOf(child.pid) : null;
  try {
    await ready(plan, child, logFile, stop);
    if (!mark) throw new Problem(`The database ended at once:\n${tail(logFile)}`);
    return mark;
  } catch (error) {
    if (mark) await stopGroup(mark, 5_000);
    throw error;
  } finally {
    rmSync(initFile, { force: true });
  }
}

/** Returns once the users can sign in. */
async function ready(plan: Launch, child: ChildProcess, logFile: string, stop: AbortSignal) {
  let fault: unknown;
  child.once("error", (error) => {
    fault = error;
  });
  const until = Date.now() + READY_MILLISECONDS;
  while (!(await canSignIn(plan.port, plan.name, plan.users.runtime))) {
    const hasEnded = child.exitCode !== null || child.signalCode !== null || fault;
    if (hasEnded) throw new Problem(`The database did not start:\n${fault ?? tail(logFile)}`);
    if (Date.now() > until)
      throw new Problem(`The database was not ready in time:\n${tail(logFile)}`);
    await wait(30, undefined, { signal: stop });
  }
}

/** Whether the server lets this user into the database now. */
export async function canSignIn(
  port: number,
  database: string,
  { name, password }: DatabaseUser,
): Promise<boolean> {
  try {
    const options = { host: "127.0.0.1", port, user: name, password, database };
    const connection = await createConnection({ ...options, connectTimeout: 2_000 });
    await connection.end();
    return true;
  } catch {
    return false;
  }
}

function options({ server, folder, port, extra }: Launch, data: string, initFile: string) {
  const common = [
    "--no-defaults",
    `--datadir=${data}`,
    ownTemporaryFolder(folder),
    // Relative: the full name of a socket in a deep folder would be too long for the system.
    "--socket=db.sock",
    "--bind-address=127.0.0.1",
    `--port=${port}`,
    `--init-file=${initFile}`,
    "--skip-name-resolve",
    "--character-set-server=utf8mb4",
    "--default-time-zone=+00:00",
    // Durable: what was answered is on the disk.
    "--innodb-flush-log-at-trx-commit=1",
    "--sync-binlog=1",
  ];
  const mysqlOnly = ["--mysqlx=OFF", "--secure-file-priv=NULL"];
  return [...common, ...(server.isMariadb ? [] : mysqlOnly), ...userOptions, ...extra];
}

// Run at each start, so that the folder of an older version gets what it lacks.
function accountSql({ name, users: { migrating, runtime }, sql }: Launch): string {
  return [
    `CREATE DATABASE IF NOT EXISTS \`${name}\` CHARACTER SET utf8mb4;`,
    ...userSql(migrating),
    `GRANT ALL ON \`${name}\`.* TO ${quoted(migrating)};`,
    // The databases whose names begin with the same word are for tests, which make their own.
    `GRANT ALL ON \`${name}\\_%\`.* TO ${quoted(migrating)};`,
    ...userSql(runtime),
    `GRANT SELECT, INSERT, UPDATE, DELETE ON \`${name}\`.* TO ${quoted(runtime)};`,
    ...sql,
    "",
  ].join("\n");
}

const quoted = ({ name }: DatabaseUser) => `'${name}'@'127.0.0.1'`;

function userSql(user: DatabaseUser): string[] {
  const identified = `${quoted(user)} IDENTIFIED BY '${user.password}'`;
  return [`CREATE USER IF NOT EXISTS ${identified};`, `ALTER USER ${identified};`];
}
