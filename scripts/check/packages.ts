import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../root";
import { type Check, fault, unless, well } from "./check";
import { FLOORS, isAtLeast } from "./versions";

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
  {
    id: "packages",
    title: "no package has a published weakness",
    always: true,
    run: () => {
      const old = belowFloor();
      const fix = "npm install <name>@latest, and build again";
      return old.length > 0 ? fault(old.join(", "), fix) : well("at their floors or above");
    },
  },
  {
    id: "node",
    title: "Node is new enough",
    always: true,
    run: () => nodeFinding(process.versions.node),
  },
];
