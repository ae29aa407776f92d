import { nodesIn } from "@/scripts/guards/syntax";
import { holds } from "./rule";

/** Where a package, or what it gives, may come in. */
const DOORS: [name: string, door: RegExp][] = [
  ["iron-session", /^lib\/seal\.ts$/],
  ["iron-webcrypto", /^$/],
  ["mysql2", /^(lib\/db|scripts\/(database|seed))\//],
  [
    "drizzle-orm",
    /^((lib\/(db|session|users|auth|accounts|django|factors|mail|events)|scripts\/seed)\/|drizzle\.config)/,
  ],
  ["bcryptjs", /^lib\/auth\/password-worker\.mjs$/],
  ["@node-rs/argon2", /^lib\/auth\/password-worker\.mjs$/],
  ["@zxcvbn-ts/core", /^lib\/auth\/password-strength\.mjs$/],
  ["@zxcvbn-ts/language-common", /^lib\/auth\/password-strength\.mjs$/],
  ["piscina", /^lib\/auth\/(password-threads|blocklist)\.ts$/],
  ["bloomfilter", /^lib\/auth\/blocklist-worker\.mjs$/],
  ["next/headers", /^lib\/request\//],
  ["pino", /^lib\/log\.ts$/],
  ["pino-pretty", /^lib\/log\.ts$/],
  ["nodemailer", /^lib\/mail\/transport\.ts$/],
  ["escape-goat", /^lib\/mail\/letters\.ts$/],
  ["otpauth", /^lib\/factors\/totp\.ts$/],
  ["prom-client", /^lib\/metrics\.ts$/],
  ["async-lock", /^lib\/auth\/throttle\.ts$/],
  ["ipaddr.js", /^lib\/device\.ts$/],
  ["bowser", /^lib\/device\.ts$/],
  ["d3-array", /^app\/_ui\/chart\/bars\.ts$/],
  ["d3-scale", /^app\/_ui\/chart\/bars\.ts$/],
  ["d3-shape", /^app\/_ui\/chart\/bars\.ts$/],
];

holds(
  "each package has one door",
  ({ path, imports }) =>
    imports
      .filter(({ from }) => DOORS.some(([name, door]) => name === from && !door.test(path)))
      .map(({ from }) => `imports ${from}`),
  {
    breaks: [
      ["middleware.ts", 'import { unsealData } from "iron-session";'],
      ["lib/session/write.ts", 'import { createPool } from "mysql2/promise";'],
      ["lib/auth/password.ts", 'import { hash } from "bcryptjs";'],
      ["lib/auth/password.ts", 'const { verify } = await import("@node-rs/argon2");'],
      ["lib/request/a.ts", 'import { Piscina } from "piscina";'],
      ["app/a/meter.tsx", 'const { dictionary } = await import("@zxcvbn-ts/language-common");'],
      ["app/page.tsx", 'import { cookies } from "next/headers";'],
      ["app/page.tsx", 'const { headers } = await import("next/headers");'],
      ["lib/request/a.ts", 'import { eq } from "drizzle-orm";'],
    ],
    keeps: [
      ["lib/seal.ts", 'import { sealData } from "iron-session";'],
      ["lib/db/a.ts", 'import type { Pool } from "mysql2/promise";'],
    ],
  },
);

// Tests of what is inside apart, which this does not read.
const MIGRATION_DOORS = new Map([
  ["lib/db/migrate/migrate", /./],
  ["lib/db/migrate/drizzle-kit", /^drizzle\.config\.ts$/],
]);

holds(
  "migrations have one door, and one for drizzle-kit",
  ({ path, imports }) => {
    if (path.startsWith("lib/db/migrate/")) return [];
    const inside = imports.filter(({ from }) => from.startsWith("lib/db/migrate/"));
    const wrong = inside.filter(({ from }) => !MIGRATION_DOORS.get(from)?.test(path));
    return wrong.map(({ from }) => `imports ${from}`);
  },
  {
    breaks: [
      ["scripts/check/a.ts", 'import { differences } from "@/lib/db/migrate/facts";'],
      ["scripts/check/a.ts", 'import type { Migration } from "@/lib/db/migrate/migration-files";'],
      ["lib/db/a.ts", 'import { failWithReason } from "@/lib/db/migrate/drizzle-kit";'],
    ],
    keeps: [
      ["scripts/check/a.ts", 'import { migrationState } from "@/lib/db/migrate/migrate";'],
      ["drizzle.config.ts", 'import { failWithReason } from "./lib/db/migrate/drizzle-kit";'],
    ],
  },
);

const SQL_ON_SESSIONS =
  /^lib\/session\/(session|adopted|write|end-rows|list|search|stats|purge|devices)\.ts$|^(lib\/db|scripts\/seed)\//;

holds(
  "only lib/session's row files name the table of sessions",
  ({ path, imports }) => {
    const isNamed = imports.some(
      ({ from, names }) => from === "lib/db/schema" && names.includes("sessions"),
    );
    return isNamed && !SQL_ON_SESSIONS.test(path) ? ["imports the table of sessions"] : [];
  },
  {
    breaks: [
      ["lib/users/users.ts", 'import { sessions } from "@/lib/db/schema";'],
      ["lib/session/lifecycle.ts", 'import { sessions as rows } from "@/lib/db/schema";'],
      ["scripts/manage/sessions.ts", 'import { sessions } from "@/lib/db/schema";'],
    ],
    keeps: [
      ["lib/session/write.ts", 'import { sessions } from "@/lib/db/schema";'],
      ["lib/session/end.ts", 'import type { EndReason } from "@/lib/db/schema";'],
    ],
  },
);

const READS_THE_ENVIRONMENT = /^(lib\/env\.ts|scripts\/.*|drizzle\.config\.ts|vitest\.config\.ts)$/;

holds(
  "the environment is read in lib/env.ts, and before it in scripts",
  ({ path, text, statements }) => {
    if (READS_THE_ENVIRONMENT.test(path)) return [];
    const reads = [...nodesIn(statements)].filter(({ type, start, end }) => {
      if (type !== "MemberExpression") return false;
      const words = text.slice(start, end).replace(/\s/g, "");
      return /^(globalThis\.)?process(\?)?\.env$|^process\["env"\]$|^import\.meta\.env$/.test(
        words,
      );
    });
    // Next itself says by it which runtime this is; settings are not known there.
    const isRuntime = path === "instrumentation.ts" && reads.length === 1;
    if (isRuntime && text.includes("process.env.NEXT_RUNTIME")) return [];
    return reads.map(({ start }) => `reads the environment at ${start}`);
  },
  {
    breaks: [
      ["lib/request/a.ts", "export const x = process.env.APP_URL;"],
      ["app/page.tsx", 'const { env } = process; const url = process["env"].APP_URL;'],
      ["middleware.ts", "const all = { ...process.env };"],
      ["instrumentation.ts", "if (process.env.NEXT_RUNTIME) start(process.env.PORT);"],
    ],
    keeps: [
      ["lib/env.ts", "readSettings(process.env);"],
      ["instrumentation.ts", 'if (process.env.NEXT_RUNTIME !== "nodejs") stop();'],
      ["lib/request/a.ts", '// process.env is read elsewhere\nconst env = "process.env";'],
    ],
  },
);

const TOUCHES = ["next/headers", "next/server", "next/navigation"];
const DATABASE = ["lib/db/connection", "lib/db/transaction"];

holds(
  'what touches a request or the database begins with import "server-only"',
  ({ path, imports }) => {
    if (!path.startsWith("lib/")) return [];
    const touched = imports.filter(
      ({ from, isType }) => !isType && (TOUCHES.includes(from) || DATABASE.includes(from)),
    );
    return touched.length > 0 && imports[0]?.from !== "server-only"
      ? [`imports ${touched[0]?.from} and does not begin with server-only`]
      : [];
  },
  {
    breaks: [
      ["lib/request/a.ts", 'import { headers } from "next/headers";'],
      ["lib/auth/a.ts", 'import { db } from "@/lib/db/connection"; import "server-only";'],
      ["lib/session/a.ts", 'import { inTransaction } from "@/lib/db/transaction";'],
    ],
    keeps: [
      ["lib/request/a.ts", 'import "server-only"; import { headers } from "next/headers";'],
      ["lib/session/a.ts", 'import type { Transaction } from "@/lib/db/transaction";'],
    ],
  },
);
