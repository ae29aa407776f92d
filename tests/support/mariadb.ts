import type { TestProject } from "vitest/node";
import { provideServer } from "./server";

export default (project: TestProject) =>
  provideServer(project, { name: "mariadb", folder: "mariadb", urlSetting: "TEST_MARIADB_URL" });
