import { join } from "node:path";

const [LEAST_MAJOR, LEAST_MINOR] = [22, 13];

/** Whether the Node that runs this can run everything else, too. */
export function isNodeNewEnough() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  return major > LEAST_MAJOR || (major === LEAST_MAJOR && minor >= LEAST_MINOR);
}

/** The Node that the `node` package of npm brought. */
export function pinnedNode(root) {
  const file = process.platform === "win32" ? "node.exe" : "node";
  return join(root, "node_modules", "node", "bin", file);
}
