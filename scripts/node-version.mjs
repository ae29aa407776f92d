import { join } from "node:path";

const [LEAST_MAJOR, LEAST_MINOR] = [22, 13];
// What the pinned Node is published for, as packages that package-lock.json holds to their hashes.
const BROUGHT_FOR = ["linux-x64", "linux-arm64"];

/** Whether a Node can run everything else, too; the one that runs this if none is named. */
export function isNodeNewEnough(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > LEAST_MAJOR || (major === LEAST_MAJOR && minor >= LEAST_MINOR);
}

/** Where npm puts the pinned Node of this machine. */
export function pinnedNode(root) {
  return join(root, "node_modules", `node-${process.platform}-${process.arch}`, "bin/node");
}

/** Null where a Node that is new enough runs this or can be brought; else what to tell people. */
export function lackOfNode({ version, platform, isGlibc } = thisMachine()) {
  if (isNodeNewEnough(version) || (isGlibc && BROUGHT_FOR.includes(platform))) return null;
  return `Node ${LEAST_MAJOR}.${LEAST_MINOR} or newer is needed, and this is Node ${version}. It can be brought to Linux on x64 and arm64 (with glibc) alone: install Node 24 here, and start again.`;
}

function thisMachine() {
  const { node: version } = process.versions;
  process.report.excludeNetwork = true;
  const isGlibc = "glibcVersionRuntime" in process.report.getReport().header;
  return { version, platform: `${process.platform}-${process.arch}`, isGlibc };
}
