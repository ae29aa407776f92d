import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { oneAtATime } from "@/scripts/one-at-a-time";
import { dataFolder } from "@/scripts/root";
import { ownRelease, unpackPackages } from "./debian-packages";

/** The Djangos that Debian has, by the release that each comes from. */
export const DJANGO_RELEASES = ["bookworm", "trixie", "sid", "experimental"] as const;
export type DjangoRelease = (typeof DJANGO_RELEASES)[number];

/** The release of this machine, if it is one of these; else the newest that is stable. */
export function ownDjango(): DjangoRelease {
  return DJANGO_RELEASES.find((release) => release === ownRelease()) ?? "trixie";
}

const NAMES = ["python3-django", "python3-mysqldb", "gunicorn"];

/**
 * A Python with the Django of that release, unpacked beside the system and run through its own loader;
 * nothing is installed.
 */
export async function djangoPython(release: DjangoRelease, stop: AbortSignal): Promise<string> {
  const folder = join(dataFolder, "django", release);
  const wrapper = join(folder, "python3");
  mkdirSync(folder, { recursive: true });
  await oneAtATime(join(folder, "holder"), stop, async () => {
    if (existsSync(wrapper)) return;
    console.log(`Fetching the Django of Debian ${release} (once) …`);
    const basis = release === "experimental" ? { basis: "sid" } : {};
    const wanted = { names: NAMES, release, ...basis, isNeeded: () => true };
    unpackPackages(wanted, join(folder, "root"));
    writeWrapper(folder, wrapper);
  });
  return wrapper;
}

function writeWrapper(folder: string, wrapper: string): void {
  const usr = join(folder, "root/usr");
  const libraries = readdirSync(join(usr, "lib")).find((name) => name.endsWith("-linux-gnu"));
  const merged = join(usr, "lib", libraries ?? "");
  // Before trixie the C library is in /lib itself.
  const old = join(folder, "root/lib", libraries ?? "");
  const places = existsSync(old) ? [old, merged] : [merged];
  const loader = places
    .flatMap((place) => readdirSync(place).map((name) => join(place, name)))
    .find((path) => /\/ld-linux[^/]*\.so\.\d$/.test(path));
  const python = readdirSync(join(usr, "bin")).find((name) => /^python3\.\d+$/.test(name));
  const draft = `${wrapper}.new`;
  writeFileSync(
    draft,
    `#!/bin/sh
export PYTHONHOME="${usr}" PYTHONPATH="${usr}/lib/python3/dist-packages" PYTHONDONTWRITEBYTECODE=1
exec "${loader}" --library-path "${places.join(":")}" "${usr}/bin/${python}" "$@"
`,
  );
  chmodSync(draft, 0o755);
  renameSync(draft, wrapper);
}
