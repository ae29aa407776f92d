import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const START_TESTS = "tests/integration/start/**/*.test.ts";

const alias = [
  // Inside Next this import is empty on the server; here nothing else would make it so.
  { find: "server-only", replacement: here("node_modules/server-only/empty.js") },
  { find: /^@\//, replacement: here("./") },
];

// Settings that let lib/env.ts be read without a server; a test that needs others sets its own.
const env = {
  APP_URL: "http://localhost:3000",
  SESSION_SECRET: "for-tests-only-0123456789-0123456789-0123456789",
  LOG_LEVEL: "silent",
};

const onServer = (name: string) => ({
  resolve: { alias },
  test: {
    name: `integration-${name}`,
    env,
    include: ["tests/integration/**/*.test.ts"],
    // What goes by the command line asks the same of both servers, and is slow to start.
    exclude:
      name === "mysql"
        ? [START_TESTS, "tests/integration/docs/**", "tests/integration/cli/**"]
        : [START_TESTS],
    globalSetup: [`tests/support/${name}.ts`],
    setupFiles: ["tests/support/own-database.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        resolve: { alias },
        test: {
          name: "unit",
          // No server is there, and none is asked.
          env: { ...env, DATABASE_URL: "mysql://nobody@127.0.0.1:1/nothing" },
          include: ["tests/unit/**/*.test.ts"],
          testTimeout: 20_000,
        },
      },
      onServer("mariadb"),
      onServer("mysql"),
      {
        resolve: { alias },
        test: {
          name: "start",
          include: [START_TESTS],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "e2e",
          env,
          include: ["tests/e2e/**/*.test.ts"],
          globalSetup: ["tests/support/browser.ts"],
          setupFiles: ["tests/support/own-database.ts"],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
