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
  // A hash in a millisecond; what measures or states the real cost sets that.
  PASSWORD_HASH_COST: "4",
  // Apps and commands that tests start compile each package once, not each time.
  NODE_COMPILE_CACHE: here("./.data/test/compiled"),
};

// What asks both servers the same by a program that is slow to start, or asks about requests. The
// SQL beneath is asked of both elsewhere.
const OF_ONE_ENGINE = [
  "tests/integration/{cli,docs,conformance}/**",
  "docs/examples/**",
  "tests/integration/db/push-failures.test.ts",
];

const onServer = (name: string) => ({
  resolve: { alias },
  test: {
    name: `integration-${name}`,
    env,
    include: ["tests/integration/**/*.test.ts", "docs/examples/**/*.test.ts"],
    exclude: name === "mysql" ? [START_TESTS, ...OF_ONE_ENGINE] : [START_TESTS],
    globalSetup: [`tests/support/${name}.ts`],
    setupFiles: ["tests/support/own-database.ts"],
    // Packages are loaded once a worker; own-database.ts forgets the modules of lib.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});

const END_TO_END = "tests/e2e/**/*.test.ts";

// They measure how long an answer takes while much is asked or the database is away.
const ALONE = ["tests/e2e/http/{hashing,outage,outage-kinds}.test.ts"];

const endToEnd = (name: string, groupOrder: number, more: object) => ({
  resolve: { alias },
  test: {
    name,
    env,
    globalSetup: ["tests/support/browser.ts"],
    setupFiles: ["tests/support/own-database.ts", "tests/support/shared-apps.ts"],
    isolate: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
    sequence: { groupOrder, setupFiles: "list" as const },
    ...more,
  },
});

export default defineConfig({
  test: {
    // One more than the two cores that this is made for: most files wait for a server now and then.
    maxWorkers: 3,
    projects: [
      {
        resolve: { alias },
        test: {
          name: "unit",
          // No server is there, and none is asked.
          env: { ...env, DATABASE_URL: "mysql://nobody@127.0.0.1:1/nothing" },
          include: ["tests/unit/**/*.test.ts"],
          setupFiles: ["tests/support/own-modules.ts"],
          isolate: false,
          testTimeout: 60_000,
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
        },
      },
      // A mail server that is no test's own, by a command of its own.
      {
        ...onServer("mariadb"),
        test: { ...onServer("mariadb").test, name: "mail", include: ["tests/mail/**/*.test.ts"] },
      },
      // How long answers take, by a command of their own.
      endToEnd("timing", 0, { include: ["tests/timing/**/*.test.ts"], fileParallelism: false }),
      endToEnd("pictures", 0, { include: ["tests/pictures/**/*.test.ts"] }),
      endToEnd("e2e", 0, { include: [END_TO_END], exclude: ALONE }),
      // Afterwards, one file at a time.
      endToEnd("e2e-alone", 1, { include: ALONE, fileParallelism: false }),
    ],
  },
});
