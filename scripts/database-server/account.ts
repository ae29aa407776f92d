import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Whom a server runs as: `ids` for spawn, `options` for its command line. */
export interface Account {
  readonly ids: { uid: number; gid: number } | Record<string, never>;
  readonly options: string[];
}

const LESSER_ACCOUNTS = ["mysql", "nobody"];

/** Root gives way to a lesser account, if one can reach the folder; anyone else stays who they are. */
export function serverAccount(folder: string): Account {
  if (process.getuid?.() !== 0) return { ids: {}, options: [] };
  for (const name of LESSER_ACCOUNTS) {
    const ids = idsOf(name);
    if (ids && canEnter(folder, ids)) return { ids, options: [] };
  }
  // A checkout in a private home folder: servers refuse to run as root unless told to.
  return { ids: {}, options: ["--user=root"] };
}

function idsOf(name: string): { uid: number; gid: number } | null {
  const lines = readFileSync("/etc/passwd", "utf8").split("\n");
  const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(":") ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : null;
}

function canEnter(folder: string, ids: { uid: number; gid: number }): boolean {
  return spawnSync("test", ["-x", folder], { ...ids, cwd: "/" }).status === 0;
}
