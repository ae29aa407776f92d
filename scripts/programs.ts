import { spawn } from "node:child_process";
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
} from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { exitOf, signalGroup } from "./processes";
import { Problem } from "./program";

const FURTHER_FOLDERS = [
  "/usr/sbin",
  "/usr/bin",
  "/usr/libexec",
  "/usr/local/sbin",
  "/usr/local/bin",
  "/usr/local/mysql/bin",
  "/opt/homebrew/bin",
  "/opt/homebrew/opt/mariadb/bin",
  "/opt/homebrew/opt/mysql/bin",
];

/** Where programs may be: PATH, then the folders that servers live in although PATH leaves them out. */
export function programFolders(): string[] {
  const path = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return [...new Set([...path, ...FURTHER_FOLDERS])];
}

/** The first of `names` that is a program in one of `folders`, as a full path. */
export function findProgram(names: string[], folders = programFolders()): string | null {
  const places = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return places.find(isProgram) ?? null;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Whether this process may install Debian's packages. */
export function canInstallPackages(): boolean {
  const isRoot = process.getuid?.() === 0;
  return isRoot && existsSync("/etc/debian_version") && findProgram(["apt-get"]) !== null;
}

interface Wanted {
  readonly names: string[];
  /** Debian's, that bring one of them. */
  readonly packages: string[];
  readonly logFile: string;
  /** What to tell people where it can neither be found nor be brought. */
  readonly lack: string;
  readonly folders?: string[];
  readonly mayInstall?: boolean;
}

/** The path of the first program of these names: the machine's own, or Debian's, brought now. */
export async function findOrInstall(wanted: Wanted, stop: AbortSignal): Promise<string> {
  const { names, packages, folders, mayInstall = canInstallPackages() } = wanted;
  const found = findProgram(names, folders);
  if (found) return found;
  if (!mayInstall) throw new Problem(wanted.lack);
  await installPackages(packages, wanted.logFile, stop);
  const brought = findProgram(names, folders);
  if (!brought) throw new Problem(wanted.lack);
  return brought;
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
  const code = await exitOf(child, { stop, end: (pid) => signalGroup(pid, "SIGTERM") });
  stop.throwIfAborted();
  return code;
}

function failure(names: string[], logFile: string): string {
  const reason = tail(logFile, 5);
  return `apt could not install ${names.join(", ")}:\n${reason}\nMend that, or install them yourself, and start again.`;
}

/** The last lines of a log. */
export function tail(file: string, lines = 8): string {
  return readFileSync(file, "utf8").trim().split("\n").slice(-lines).join("\n");
}
