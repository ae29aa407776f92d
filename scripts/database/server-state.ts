import { existsSync, readFileSync } from "node:fs";
import { writePrivately } from "../private-files";
import { isRunning, markOf, type ProcessMark } from "../processes";

/** What a folder's `server.json` says: the server and the processes that use it. */
export interface ServerState {
  readonly server: ProcessMark | null;
  readonly port: number;
  readonly users: readonly User[];
}

interface User extends ProcessMark {
  readonly id: string;
}

/** The state, without what has died since it was written. */
export function readState(file: string): ServerState | null {
  if (!existsSync(file)) return null;
  const { server, port, users }: ServerState = JSON.parse(readFileSync(file, "utf8"));
  return {
    server: server && isRunning(server) ? server : null,
    port,
    users: users.filter(isRunning),
  };
}

export function writeState(file: string, state: ServerState): void {
  writePrivately(file, `${JSON.stringify(state, null, 2)}\n`);
}

/** The state with this process as one more user of the server, called `id`. */
export function withUser(state: ServerState, id: string): ServerState {
  const mark = markOf(process.pid);
  if (!mark) throw new Error("this process has no start time");
  return { ...state, users: [...state.users, { ...mark, id }] };
}

export function withoutUser(state: ServerState, id: string): ServerState {
  return { ...state, users: state.users.filter((user) => user.id !== id) };
}
