import type { TestProject } from "vitest/node";
import { mysql9 } from "@/tests/tools/mysql9";
import { provideServer } from "./server";

export default (project: TestProject) =>
  provideServer(project, {
    name: "mysql",
    folder: "mysql",
    urlSetting: "TEST_MYSQL_URL",
    server: () => mysql9(new AbortController().signal),
  });
