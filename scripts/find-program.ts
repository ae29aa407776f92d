import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

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
