import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { buildIfNeeded } from "@/scripts/builds";
import { chromiumPath } from "@/tests/tools/chromium";
import { provideServer } from "./server";

export default async (project: TestProject) => {
  const never = new AbortController().signal;
  project.provide("chromiumPath", await chromiumPath(never));
  await buildIfNeeded(never);
  const scratch = mkdtempSync(join(tmpdir(), "gatehouse-e2e-"));
  project.provide("scratchFolder", scratch);
  const apps = join(scratch, "apps");
  mkdirSync(apps);
  project.provide("appsFolder", apps);
  const leaveServer = await provideServer(project, {
    name: "mariadb",
    folder: "e2e",
    urlSetting: "TEST_MARIADB_URL",
  });
  return async () => {
    for (const pid of readdirSync(apps)) end(Number(pid));
    await leaveServer();
    rmSync(scratch, { recursive: true, force: true });
  };
};

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended with its worker.
  }
}
