import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { lackOfSpace } from "../disk-space.mjs";
import { freePort } from "../free-port";
import { oneAtATime } from "../one-at-a-time";
import { keptSecret } from "../private-files";
import { stopGroup } from "../processes";
import { Problem } from "../program";
import { dataFolder } from "../root";
import { initialise } from "./initialise";
import { canSignIn, type DatabaseUser, type DatabaseUsers, launch } from "./launch";
import { serverProgram } from "./server-program";
import { readState, type ServerState, withoutUser, withUser, writeState } from "./server-state";

export interface DatabaseOptions {
  /** Where it keeps everything; `.data/database` if left out. */
  readonly folder?: string;
  /** The server program; the machine's own if left out. A script must `exec` the server. */
  readonly server?: string;
  /** The name of the database and of its account. */
  readonly name?: string;
  readonly stop?: AbortSignal;
  /** Further options for the server, such as `--max-connections=20`. */
  readonly extra?: readonly string[];
  /** Further statements that the server runs when it starts, as its root, each on a line. */
  readonly sql?: readonly string[];
}

export interface Database {
  /** As the migrating user, who may change tables. */
  readonly url: string;
  /** As the run-time user, who may read and write rows and nothing else. */
  readonly runtimeUrl: string;
  readonly pid: number;
  /** Whether this call started the server; false where one was up already. */
  readonly started: boolean;
  /** Ends this use of the server; the last user stops it. */
  stop(): Promise<void>;
}

const NEEDED_MEGABYTES = 400;
// Only a server that hangs is killed: cutting a clean stop short means a recovery at the next start.
const STOP_MILLISECONDS = 60_000;

/** Starts the embedded server of a folder, or joins the one that is up there. */
export async function startDatabase(wanted: DatabaseOptions = {}): Promise<Database> {
  const folder = wanted.folder ?? join(dataFolder, "database");
  const stop = wanted.stop ?? new AbortController().signal;
  const name = wanted.name ?? "gatehouse";
  mkdirSync(folder, { recursive: true });
  const stateFile = join(folder, "server.json");
  const holderFile = join(folder, "holder");
  const id = randomUUID();
  return oneAtATime(holderFile, stop, async () => {
    const users = {
      migrating: { name, password: keptSecret(join(folder, "password"), "hex") },
      runtime: {
        name: `${name}_app`,
        password: keptSecret(join(folder, "runtime-password"), "hex"),
      },
    };
    const before = readState(stateFile);
    const state = before?.server ? before : await start(folder, name, users, before, wanted);
    if (before?.server) await expectBothUsers(state.port, name, users);
    writeState(stateFile, withUser(state, id));
    const urlOf = (user: DatabaseUser) =>
      `mysql://${user.name}:${user.password}@127.0.0.1:${state.port}/${name}`;
    return {
      url: urlOf(users.migrating),
      runtimeUrl: urlOf(users.runtime),
      pid: state.server?.pid ?? 0,
      started: !before?.server,
      stop: () => oneAtATime(holderFile, NEVER, () => leave(stateFile, id)),
    };
  });
}

const NEVER = new AbortController().signal;

// Users are made when the server starts.
async function expectBothUsers(port: number, database: string, users: DatabaseUsers) {
  if (await canSignIn(port, database, users.runtime)) return;
  throw new Problem(
    "The database server that runs here was started by an older version. Stop what uses it, and start again.",
  );
}

async function start(
  folder: string,
  name: string,
  users: DatabaseUsers,
  before: ServerState | null,
  { server: wanted, stop = NEVER, extra = [], sql = [] }: DatabaseOptions,
): Promise<ServerState> {
  const lack = before ? null : lackOfSpace(folder, NEEDED_MEGABYTES);
  if (lack) throw new Problem(lack);
  const server = await serverProgram(join(folder, "apt.log"), stop, wanted);
  await initialise(server, folder, stop);
  const port = await freePort(before?.port);
  const plan = { server, folder, port, name, users, extra, sql };
  return { server: await launch(plan, stop), port, users: [] };
}

// A user that was killed is no longer in the state, so whoever is left stops its server, too.
async function leave(stateFile: string, id: string): Promise<void> {
  const before = readState(stateFile);
  if (!before) return;
  const state = withoutUser(before, id);
  writeState(stateFile, state);
  if (state.users.length === 0 && state.server) await stopGroup(state.server, STOP_MILLISECONDS);
}
