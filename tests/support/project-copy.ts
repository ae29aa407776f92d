// A copy of the working tree in a folder of its own, so that a test may run the commands there as
// a person would, and this tree's own .data is left alone.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { root } from "@/scripts/root";

export interface ProjectCopy {
  readonly folder: string;
  /** What git sees that is new or changed. */
  changes(): string;
  remove(): void;
}

/** The copy is a new folder within `place`. */
export function copyProject(place = tmpdir()): ProjectCopy {
  const folder = realpathSync(mkdtempSync(join(place, "gatehouse-copy-")));
  for (const path of sourcesOf(root)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(root, path), join(folder, path));
  }
  const modules = join(root, "node_modules");
  // Hard links take no time and no space, but only within one file system.
  const isLinked = spawnSync("cp", ["-al", modules, folder]).status === 0;
  if (!isLinked) execFileSync("cp", ["-a", modules, folder]);
  execFileSync("cp", ["-a", join(root, ".next"), folder]);
  git(folder, "init", "--quiet");
  git(folder, "add", "--all");
  return {
    folder,
    changes: () =>
      git(folder, "diff", "--stat") +
      git(folder, "ls-files", "--others", "-x", "/.git", "--exclude-standard"),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function sourcesOf(folder: string): string[] {
  const listed = git(folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard");
  return listed.split("\0").filter((path) => path && existsSync(join(folder, path)));
}

function git(folder: string, ...words: string[]): string {
  return execFileSync("git", words, { cwd: folder, encoding: "utf8" });
}
