import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { oneAtATime } from "@/scripts/one-at-a-time";
import { Problem } from "@/scripts/program";
import { dataFolder } from "@/scripts/root";

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
// Only helper scripts of MySQL use these.
const NOT_NEEDED = /^(perl|libperl|libgdbm|libdb5)/;
const LEFT_OUT = ["./usr/share/doc*", "./usr/share/man*", "./usr/share/locale*"];

/**
 * A `mysqld` of MySQL 9 for the tests. Debian has it in unstable only, so it is unpacked beside the
 * system, with the libraries it wants, and run through their own loader; nothing is installed.
 */
export async function mysql9(stop: AbortSignal, folder = join(dataFolder, "mysql9")) {
  mkdirSync(folder, { recursive: true });
  const wrapper = join(folder, "mysqld");
  await oneAtATime(join(folder, "holder"), stop, async () => {
    if (existsSync(wrapper)) return;
    console.log("Fetching MySQL 9 (65 MB, once) …");
    unpack(folder);
    writeWrapper(folder, wrapper);
  });
  return wrapper;
}

function unpack(folder: string): void {
  const work = join(folder, "apt");
  const draft = join(folder, "root.new");
  for (const old of [work, draft, join(folder, "root")])
    rmSync(old, { recursive: true, force: true });
  for (const made of ["state/lists/partial", "cache/archives/partial"])
    mkdirSync(join(work, made), { recursive: true });
  mkdirSync(draft);
  const apt = aptOfItsOwn(work);
  apt("update");
  apt("-y", "--download-only", "--no-install-recommends", "install", "mysql-server-core");
  const archives = join(work, "cache/archives");
  for (const file of readdirSync(archives).filter((name) => name.endsWith(".deb"))) {
    if (NOT_NEEDED.test(file)) continue;
    const tar = execFileSync("dpkg-deb", ["--fsys-tarfile", join(archives, file)], {
      maxBuffer: 1024 ** 3,
    });
    const excludes = LEFT_OUT.map((pattern) => `--exclude=${pattern}`);
    const words = ["-x", "-C", draft, "--no-same-owner", "--keep-directory-symlink", ...excludes];
    execFileSync("tar", words, { input: tar });
  }
  rmSync(work, { recursive: true });
  renameSync(draft, join(folder, "root"));
}

// An empty package status makes apt resolve every library, and the system's lists stay as they are.
function aptOfItsOwn(work: string): (...words: string[]) => void {
  writeFileSync(join(work, "status"), "");
  writeFileSync(join(work, "sources"), `deb [signed-by=${KEYRING}] ${mirror()} sid main\n`);
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
  const release = /^VERSION_CODENAME=(.*)$/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1];
  const lines = execFileSync("apt-get", words, { encoding: "utf8" }).split("\n");
  const uri = lines.find((line) => line.startsWith(`${release} main `))?.split(" ")[2];
  if (!uri)
    throw new Problem("apt has no source for this Debian release: MySQL 9 cannot be fetched.");
  return uri;
}

function writeWrapper(folder: string, wrapper: string): void {
  const usr = join(folder, "root/usr");
  const libraries = readdirSync(join(usr, "lib")).find((name) => name.endsWith("-linux-gnu"));
  const libraryFolder = join(usr, "lib", libraries ?? "");
  const loader = readdirSync(libraryFolder).find((name) => /^ld-linux.*\.so\.\d$/.test(name));
  const places = [
    `--basedir="${usr}"`,
    `--plugin-dir="${usr}/lib/mysql/plugin"`,
    `--lc-messages-dir="${usr}/share/mysql"`,
    `--character-sets-dir="${usr}/share/mysql/charsets"`,
  ].join(" ");
  const start = `"${libraryFolder}/${loader}" --library-path "${libraryFolder}"`;
  const draft = `${wrapper}.new`;
  writeFileSync(draft, `#!/bin/sh\nexec ${start} "${usr}/sbin/mysqld" "$@" ${places}\n`);
  chmodSync(draft, 0o755);
  renameSync(draft, wrapper);
}
