// Brings the packages of package-lock.json where they are missing or others.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { lackOfSpace } from "./disk-space.mjs";
import { isNodeNewEnough, lackOfNode, pinnedNode } from "./node-version.mjs";

const NEEDED_MEGABYTES = 1200;
const PATIENCE_MILLISECONDS = 3_000;
const NODE_LEFT_OUT =
  "npm ci did not bring the pinned Node: it could not be fetched, or its hash is wrong. Start again, or install Node 22.13 or newer.";
const FAILED = "npm ci failed; its reason is above. Mend that and start again.";

/** Runs `npm ci` if it is needed; null, or what went wrong. `started` gets a handle that ends it. */
export async function install(root, started) {
  if (isInstalled(root)) return null;
  const lack = lackOfNode() ?? lackOfSpace(root, NEEDED_MEGABYTES);
  if (lack) return lack;
  console.log("Installing packages (npm ci), about half a minute …");
  const begun = Date.now();
  const fault = (await npmCi(root, started)) ?? lackAfterwards(root);
  if (!fault) console.log(`Installed in ${Math.round((Date.now() - begun) / 1000)} s.`);
  return fault;
}

// npm leaves out an optional package that it cannot fetch or whose hash is wrong, without a word.
function lackAfterwards(root) {
  return isInstalled(root) ? null : NODE_LEFT_OUT;
}

// npm notes what it put into node_modules in a list of its own, as the last thing it does.
function isInstalled(root) {
  if (!isNodeNewEnough() && !existsSync(pinnedNode(root))) return false;
  const wanted = packagesOf(join(root, "package-lock.json"));
  const present = packagesOf(join(root, "node_modules", ".package-lock.json"));
  if (!wanted || !present) return false;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    const found = present[path];
    if (!path) return true;
    return found ? found.version === version : Boolean(optional);
  });
}

function packagesOf(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).packages : null;
}

function npmCi(root, started) {
  return new Promise((resolve) => {
    // Engine warnings are expected under Node 20, which does not run what they warn about.
    const words = [
      "ci",
      "--include=dev",
      "--include=optional",
      "--no-audit",
      "--no-fund",
      "--loglevel=error",
    ];
    const npm = spawn("npm", words, {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, PATH: pathWithoutOurNode() },
      // A group of its own, so that one signal also reaches what npm runs.
      detached: process.platform !== "win32",
      shell: process.platform === "win32",
    });
    started({ stop: (signal) => endGroup(npm.pid, signal) });
    npm.on("error", (error) => resolve(`npm could not be run: ${error.message}`));
    npm.on("exit", (code) => resolve(code === 0 ? null : FAILED));
  });
}

// npm must not run on the Node inside the folder that it is about to replace.
function pathWithoutOurNode() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.filter((folder) => !/node_modules[/\\]\.bin[/\\]?$/.test(folder)).join(delimiter);
}

// npm may first finish what it is unpacking, which takes longer than a stop may.
function endGroup(pid, signal) {
  tell(pid, signal);
  setTimeout(() => tell(pid, "SIGKILL"), PATIENCE_MILLISECONDS).unref();
}

function tell(pid, signal) {
  try {
    process.kill(process.platform === "win32" ? pid : -pid, signal);
  } catch {
    // It has ended already.
  }
}
