import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "@/scripts/program";

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
const LEFT_OUT = ["./usr/share/doc*", "./usr/share/man*", "./usr/share/locale*"];

interface Wanted {
  readonly names: readonly string[];
  /** The release of Debian that they come from; by default this machine's. */
  readonly release?: string;
  /** The release that has what the other one lacks. */
  readonly basis?: string;
  /** Whether an archive, of their own or of what they want, is unpacked. */
  isNeeded(file: string): boolean;
}

/**
 * Unpacks packages of Debian, and those that they want, into `folder`: beside the system, where nothing is
 * installed. A folder that is there is whole.
 */
export function unpackPackages(
  { names, release = ownRelease(), basis, isNeeded }: Wanted,
  folder: string,
) {
  const [work, draft] = [`${folder}.apt`, `${folder}.new`];
  for (const old of [work, draft, folder]) rmSync(old, { recursive: true, force: true });
  for (const made of ["state/lists/partial", "cache/archives/partial"])
    mkdirSync(join(work, made), { recursive: true });
  mkdirSync(draft);
  const apt = aptOfItsOwn(work, basis ? [release, basis] : [release]);
  apt("update");
  apt("-y", "--download-only", "--no-install-recommends", "install", "-t", release, ...names);
  const archives = join(work, "cache/archives");
  for (const file of readdirSync(archives).filter((each) => each.endsWith(".deb")))
    if (isNeeded(file)) unpack(join(archives, file), draft);
  rmSync(work, { recursive: true });
  renameSync(draft, folder);
}

function unpack(archive: string, folder: string): void {
  const tar = execFileSync("dpkg-deb", ["--fsys-tarfile", archive], { maxBuffer: 1024 ** 3 });
  const excludes = LEFT_OUT.map((pattern) => `--exclude=${pattern}`);
  const words = ["-x", "-C", folder, "--no-same-owner", "--keep-directory-symlink", ...excludes];
  execFileSync("tar", words, { input: tar });
}

// An empty package status makes apt resolve every library, and the system's lists stay as they are.
function aptOfItsOwn(work: string, releases: readonly string[]): (...words: string[]) => void {
  writeFileSync(join(work, "status"), "");
  const from = mirror();
  const lines = releases.map((each) => `deb [signed-by=${KEYRING}] ${from} ${each} main\n`);
  writeFileSync(join(work, "sources"), lines.join(""));
  const settings = [
    `Dir::Etc::SourceList=${join(work, "sources")}`,
    "Dir::Etc::SourceParts=/dev/null",
    "Dir::Etc::Preferences=/dev/null",
    "Dir::Etc::PreferencesParts=/dev/null",
    `Dir::State=${join(work, "state")}`,
    `Dir::State::status=${join(work, "status")}`,
    `Dir::Cache=${join(work, "cache")}`,
  ].flatMap((setting) => ["-o", setting]);
  return (...words) => {
    execFileSync("apt-get", ["-qq", ...settings, ...words], {
      stdio: ["ignore", "ignore", "pipe"],
    });
  };
}

// The one that this machine's apt already uses for its own release.
function mirror(): string {
  const format = "$(RELEASE) $(COMPONENT) $(REPO_URI)";
  const words = ["indextargets", "--no-release-info", "--format", format, "Created-By: Packages"];
  const lines = execFileSync("apt-get", words, { encoding: "utf8" }).split("\n");
  const uri = lines.find((line) => line.startsWith(`${ownRelease()} main `))?.split(" ")[2];
  if (!uri)
    throw new Problem("apt has no source for this Debian release: its packages cannot be fetched.");
  return uri;
}

/** The release of Debian that this machine is of. */
export function ownRelease(): string {
  const release = /^VERSION_CODENAME=(.*)$/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1];
  if (!release)
    throw new Problem(
      "This system does not say which release of Debian it is: nothing can be fetched.",
    );
  return release;
}
