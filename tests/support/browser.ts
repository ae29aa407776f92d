import type { TestProject } from "vitest/node";
import { buildIfNeeded } from "@/scripts/build-if-needed";
import { chromiumPath } from "@/scripts/chromium";
import { provideServer } from "./server";

export default async (project: TestProject) => {
  const never = new AbortController().signal;
  project.provide("chromiumPath", await chromiumPath(never));
  await buildIfNeeded(never);
  return provideServer(project, {
    name: "mariadb",
    folder: "e2e",
    urlSetting: "TEST_MARIADB_URL",
  });
};
