import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";

const LISTENING = "0A";

/** Which process listens on a port, in words; null where that cannot be told. */
export function portHolder(port: number): string | null {
  if (!existsSync("/proc/net/tcp")) return null;
  const sockets = new Set(["/proc/net/tcp", "/proc/net/tcp6"].flatMap((f) => socketsOn(f, port)));
  const pid = readdirSync("/proc").find((name) => /^\d+$/.test(name) && holdsOne(name, sockets));
  if (!pid) return null;
  const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  return `process ${pid} (${command.slice(0, 80)})`;
}

function socketsOn(file: string, port: number): string[] {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const rows = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").slice(1) : [];
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, address, , state]) => address?.endsWith(wanted) && state === LISTENING)
    .map((fields) => `socket:[${fields[9]}]`);
}

function holdsOne(pid: string, sockets: Set<string>): boolean {
  try {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder).some((fd) => sockets.has(readlinkSync(`${folder}/${fd}`)));
  } catch {
    // Another account's process, or one that has just ended.
    return false;
  }
}
