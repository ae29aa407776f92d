import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { findProgram } from "./find-program";
import { exitOf, signalGroup } from "./processes";
import { Problem } from "./program";

/** Whether this process may install Debian's packages. */
export function canInstallPackages(): boolean {
  const isRoot = process.getuid?.() === 0;
  return isRoot && existsSync("/etc/debian_version") && findProgram(["apt-get"]) !== null;
}

/** Installs Debian packages without what they merely recommend; apt's own words go to `logFile`. */
export async function installPackages(names: string[], logFile: string, stop: AbortSignal) {
  console.log(`Installing ${names.join(" and ")} (apt) …`);
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, "w");
  try {
    // A failed update alone is no reason to give up: the lists of before may do.
    await apt(["update"], log, stop);
    const code = await apt(["install", "-y", "--no-install-recommends", ...names], log, stop);
    if (code !== 0) throw new Problem(failure(names, logFile));
  } finally {
    closeSync(log);
  }
}

async function apt(words: string[], log: number, stop: AbortSignal): Promise<number> {
  stop.throwIfAborted();
  const child = spawn("apt-get", ["-qq", "-o", "DPkg::Lock::Timeout=120", ...words], {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    stdio: ["ignore", log, log],
    detached: true,
  });
  const end = () => child.pid && signalGroup(child.pid, "SIGTERM");
  stop.addEventListener("abort", end);
  const code = await exitOf(child);
  stop.removeEventListener("abort", end);
  stop.throwIfAborted();
  return code;
}

function failure(names: string[], logFile: string): string {
  const lines = readFileSync(logFile, "utf8").trim().split("\n").slice(-5).join("\n");
  return `apt could not install ${names.join(", ")}:\n${lines}\nMend that, or install them yourself, and start again.`;
}
