import { describe, expect, it } from "vitest";
import type { Import } from "@/scripts/guards/imports";
import { closureOf, projectSources, type Source, source } from "../../support/sources";
import { holds } from "./rule";

// From the top: a room may use what is in itself and below. Types, which are gone at run time,
// may come from anywhere below the user.
const LEVELS = [
  ["bench", "tests"],
  ["scripts"],
  ["app", "instrumentation", "middleware"],
  ["lib/api"],
  ["lib/request"],
  ["lib/accounts", "lib/jobs"],
  ["lib/auth"],
  ["lib/session"],
  ["lib/factors"],
  ["lib/mail", "lib/django"],
  ["lib/users", "lib/events"],
  ["lib/db"],
  [
    "lib/log",
    "lib/metrics",
    "lib/request-scope",
    "lib/cursor",
    "lib/time-words",
    "lib/device",
    "lib/seal",
    "lib/site-name",
  ],
  ["lib/env", "lib/variables", "lib/refused", "lib/brand", "lib/roles", "drizzle"],
];

const levelOf = (path: string): number =>
  LEVELS.findIndex((rooms) => rooms.some((room) => `${path}/`.startsWith(`${room}/`)));

// Whoever shows a page or answers a request hears that the database is away, and asks it nothing.
// Where one request needs verbs of several rooms, lib/request puts them into one transaction.
const WITHOUT_SQL: Record<string, RegExp> = {
  "lib/db/errors": /./,
  "lib/db/health": /./,
  "lib/db/transaction": /^lib\/request\//,
};
const isWithoutSql = (from: string, path: string) => WITHOUT_SQL[from]?.test(path) ?? false;
const isDoorstep = (path: string) => /^(app|lib\/request)\//.test(path) || path === "middleware.ts";

const oursOf = ({ imports }: Source): Import[] => imports.filter(({ isOurs }) => isOurs);
const plain = (path: string) => path.replace(/\.(tsx?|mjs)$/, "");

holds(
  "arrows point down: app, lib/request, lib/auth, lib/session, lib/{users,events}, lib/db, lib/env",
  (file) => {
    const level = levelOf(plain(file.path));
    if (level < 0) return [];
    const upwards = oursOf(file).filter(({ from }) => levelOf(from) < level);
    return upwards.map(({ from }) => `imports ${from}`);
  },
  {
    breaks: [
      ["lib/session/a.ts", 'import { currentUser } from "@/lib/request/current";'],
      ["lib/session/a.ts", 'import type { Current } from "@/lib/request/current";'],
      ["lib/db/a.ts", 'import { findUser } from "@/lib/users/users";'],
      ["lib/env.ts", 'import { db } from "@/lib/db/connection";'],
      ["lib/request/a.ts", 'import { Page } from "@/app/page";'],
      ["lib/request/a.ts", 'const { x } = await import("@/scripts/root");'],
      ["app/page.tsx", 'import { root } from "../scripts/root";'],
      ["app/page.tsx", 'import { newUser } from "@/tests/helpers/people";'],
    ],
    keeps: [
      ["app/page.tsx", 'import { requireSession } from "@/lib/request/guards";'],
      ["lib/session/a.ts", 'import { findUser } from "@/lib/users/users"; import "./store";'],
      ["scripts/a.ts", 'import { db } from "@/lib/db/connection";'],
    ],
  },
);

// From the top, the rooms of scripts: two on one level know nothing of each other.
const SCRIPT_LEVELS = [
  ["scripts/manage"],
  ["scripts/check", "scripts/guards", "scripts/seed", "scripts/serve"],
  ["scripts/database"],
  ["scripts"],
];

const folderOf = (path: string) => path.slice(0, path.lastIndexOf("/"));
const scriptLevelOf = (path: string) =>
  SCRIPT_LEVELS.findIndex((rooms) => rooms.includes(folderOf(path)));

holds(
  "scripts point down: the command line, what it calls, the database, what all of them use",
  (file) => {
    const level = scriptLevelOf(file.path);
    const scripts = oursOf(file).filter(({ from }) => from.startsWith("scripts/"));
    if (!file.path.startsWith("scripts/")) return [];
    if (level < 0) return ["is in a room that has no level"];
    const elsewhere = scripts.filter(({ from }) => folderOf(from) !== folderOf(file.path));
    const wrong = elsewhere.filter(({ from }) => scriptLevelOf(from) <= level);
    return wrong.map(({ from }) => `imports ${from}`);
  },
  {
    breaks: [
      ["scripts/check/a.ts", 'import { explain } from "../manage/explain";'],
      ["scripts/check/a.ts", 'import type { Entry } from "../guards/entry";'],
      ["scripts/program.ts", 'import { startDatabase } from "./database/start";'],
      ["scripts/drill/a.ts", 'import { root } from "../root";'],
    ],
    keeps: [
      ["scripts/manage/a.ts", 'import { runChecks } from "../check/run"; import "./output";'],
      ["scripts/seed/a.ts", 'import { bringDatabase } from "../database/prepare";'],
      ["lib/a.ts", 'import { log } from "@/lib/log";'],
    ],
  },
);

holds(
  "pages, handlers and lib/request leave the database to the rooms below",
  (file) => {
    if (!isDoorstep(file.path)) return [];
    const sql = file.imports.filter(({ from, isType }) => from === "drizzle-orm" && !isType);
    const database = oursOf(file).filter(
      ({ from, isType }) => from.startsWith("lib/db/") && !isType && !isWithoutSql(from, file.path),
    );
    return [...sql, ...database].map(({ from }) => `imports ${from}`);
  },
  {
    breaks: [
      ["app/a/page.tsx", 'import { db } from "@/lib/db/connection";'],
      ["app/a/route.ts", 'import { sql } from "drizzle-orm";'],
      ["app/a/actions.ts", 'import { inTransaction } from "@/lib/db/transaction";'],
      ["lib/request/a.ts", 'import { users, type Role } from "@/lib/db/schema";'],
    ],
    keeps: [
      ["lib/request/a.ts", 'import type { Role } from "@/lib/db/schema";'],
      ["app/a/page.tsx", 'import { isDatabaseUnavailable } from "@/lib/db/errors";'],
      ["lib/request/a.ts", 'import { inTransaction } from "@/lib/db/transaction";'],
      ["lib/session/write.ts", 'import { sql } from "drizzle-orm";'],
    ],
  },
);

holds(
  "lib/session, lib/users, lib/auth, lib/events and lib/db know nothing of Next",
  ({ path, imports }) => {
    if (!/^lib\/(accounts|session|users|auth|jobs|mail|django|events|db)\//.test(path)) return [];
    const next = imports.filter(({ from }) => /^(next|react|react-dom)(\/|$)/.test(from));
    return next.map(({ from }) => `imports ${from}`);
  },
  {
    breaks: [
      ["lib/session/a.ts", 'import { cookies } from "next/headers";'],
      ["lib/session/a.ts", 'import type { NextRequest } from "next/server";'],
      ["lib/auth/a.ts", 'import { cache } from "react";'],
    ],
    keeps: [["lib/request/a.ts", 'import { cookies } from "next/headers";']],
  },
);

describe("no source needs, by way of others, itself", () => {
  const circles = (sources: readonly Source[]) =>
    sources.filter((file) =>
      oursOf(file).some(
        ({ from, isType }) => !isType && closureOf(from, sources).some((each) => each === file),
      ),
    );

  it("holds in every source", () => {
    expect(circles(projectSources()).map(({ path }) => path)).toEqual([]);
  });

  it("would find a circle of three", () => {
    const three = [
      source("lib/a.ts", 'import "./b";'),
      source("lib/b.ts", 'import "./c";'),
      source("lib/c.ts", 'import "./a";'),
      source("lib/d.ts", 'import "./a";'),
    ];
    expect(circles(three).map(({ path }) => path)).toEqual(["lib/a.ts", "lib/b.ts", "lib/c.ts"]);
  });
});
