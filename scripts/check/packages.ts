import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../root";
import { always, type Check, fault, unless, well } from "./check";

/** Below these, a package has a published weakness, or is not the one that this is built on. */
export const FLOORS: Readonly<Record<string, string>> = {
  next: "16.4.1",
  react: "19.3.1",
  "react-dom": "19.3.1",
  "drizzle-orm": "0.45.2",
  mysql2: "3.23.1",
  "iron-session": "9.0.0",
};

const NODE_FLOOR = "22.13.0";

/** Those of the floor table that are older than their floor; installed ones if none are given. */
export function belowFloor(versionOf: (name: string) => string = installed): string[] {
  return Object.entries(FLOORS)
    .filter(([name, floor]) => !isAtLeast(versionOf(name), floor))
    .map(([name, floor]) => `${name} ${versionOf(name)} (${floor} is the floor)`);
}

function installed(name: string): string {
  const manifest = readFileSync(join(root, "node_modules", name, "package.json"), "utf8");
  return String(JSON.parse(manifest).version);
}

/** Whether this version of Node is new enough. */
export function nodeFinding(version: string) {
  return unless(
    isAtLeast(version, NODE_FLOOR),
    version,
    `Node ${version} is older than ${NODE_FLOOR}`,
    "Node 24; on Linux npm ci brings it",
  );
}

export const PACKAGE_CHECKS: readonly Check[] = [
  always("packages", "no package has a published weakness", () => {
    const old = belowFloor();
    const fix = "npm install <name>@latest, and build again";
    return old.length > 0 ? fault(old.join(", "), fix) : well("at their floors or above");
  }),
  always("node", "Node is new enough", () => nodeFinding(process.versions.node)),
];

/** Whether a version is one or newer; one with a hyphen comes before the same one without. */
export function isAtLeast(version: string, floor: string): boolean {
  const [core = "", before] = version.split("-");
  const parts = core.split(".").map(Number);
  const least = floor.split(".").map(Number);
  for (const [place, part] of parts.entries())
    if (part !== least[place]) return part > (least[place] ?? 0);
  return before === undefined;
}
