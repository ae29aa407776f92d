import { spawn } from "node:child_process";
import { join } from "node:path";
import { childEnvironment } from "../child-environment";
import { exitOf } from "../processes";
import { root } from "../root";

const kit = join(root, "node_modules/drizzle-kit/bin.cjs");

/** Runs drizzle-kit in this terminal, where it may have something to ask; returns its exit code. */
export async function drizzleKit(words: readonly string[], stop: AbortSignal): Promise<number> {
  stop.throwIfAborted();
  const child = spawn(process.execPath, [kit, ...words], {
    cwd: root,
    env: childEnvironment(),
    stdio: "inherit",
  });
  const end = () => child.kill("SIGTERM");
  stop.addEventListener("abort", end);
  try {
    return await exitOf(child);
  } finally {
    stop.removeEventListener("abort", end);
  }
}
