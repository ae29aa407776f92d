import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { oneAtATime } from "@/scripts/one-at-a-time";
import { dataFolder } from "@/scripts/root";
import { unpackPackages } from "./debian-packages";

// Only helper scripts of MySQL use these.
const isNeeded = (file: string) => !/^(perl|libperl|libgdbm|libdb5)/.test(file);

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
    unpackPackages(
      { names: ["mysql-server-core"], release: "sid", isNeeded },
      join(folder, "root"),
    );
    writeWrapper(folder, wrapper);
  });
  return wrapper;
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
