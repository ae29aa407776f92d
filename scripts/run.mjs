// The way into every command: `node scripts/run.mjs <script.ts> [arguments]`.
// It runs on any Node from 20 on, before anything is installed, so it uses built-ins only.
import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { install } from "./install.mjs";
import { isNodeNewEnough, pinnedNode } from "./node-version.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [script, ...rest] = process.argv.slice(2);

let child = null;
let stoppedBy = null;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    // Once: Ctrl-C in a terminal reaches the child by itself as well.
    if (stoppedBy) return;
    stoppedBy = signal;
    if (child) child.stop(signal);
  });
}

if (!script || !existsSync(join(root, script))) {
  console.error(script ? `${script} does not exist.` : "Usage: node scripts/run.mjs <script.ts>");
  process.exit(2);
}
// Secrets and people's data are kept there; one that an older version made is closed as well.
const dataFolder = join(root, ".data");
mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
chmodSync(dataFolder, 0o700);
const fault = await install(root, (npm) => {
  child = npm;
});
if (stoppedBy) process.exit(128 + constants.signals[stoppedBy]);
if (fault) {
  console.error(fault);
  process.exit(1);
}
const node = isNodeNewEnough() ? process.execPath : pinnedNode(root);
// With this condition `import "server-only"` is empty, as it is inside Next.
const options = ["--conditions=react-server", "--import", "tsx"];
const main = spawn(node, [...options, join(root, script), ...rest], {
  cwd: root,
  stdio: "inherit",
});
child = { stop: (signal) => main.kill(signal) };
main.on("error", (error) => {
  console.error(error.message);
  process.exitCode = 1;
});
main.on("exit", (code, signal) => {
  process.exitCode = code ?? 128 + constants.signals[signal];
});
