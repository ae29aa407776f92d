import { describe, expect, it } from "vitest";
import { closureOf, projectSources, type Source, source } from "../../support/sources";

const sources = projectSources();
const edge = closureOf("middleware", sources);

describe("what the middleware brings in", () => {
  it("RL-13: is at most eleven modules of ours", () => {
    expect(edge.map(({ path }) => path)).toContain("lib/session/cookie.ts");
    expect(edge.length).toBeLessThanOrEqual(11);
  });

  it("RL-13: needs nothing that Node alone has, and no database", () => {
    expect(packagesOf(edge)).toEqual(["iron-session", "lru-cache", "next/server", "zod"]);
    expect(edge.filter(({ path }) => path.startsWith("lib/db/"))).toEqual([]);
  });

  it("RL-13: a Node-only module would be found, however deep", () => {
    const made = [
      source("middleware.ts", 'import "@/lib/x";'),
      source("lib/x.ts", 'import "./y"; import type { Z } from "./z";'),
      source("lib/y.ts", 'import { createHash } from "node:crypto";'),
      source("lib/z.ts", 'import "mysql2";'),
    ];
    expect(packagesOf(closureOf("middleware", made))).toEqual(["node:crypto"]);
  });

  it("RL-13: uses no global that the edge lacks", () => {
    const nodeOnly = /\b(Buffer|setImmediate|require|__dirname|process\.(?!env\b)\w+)\b/;
    const used = edge.map(({ path, text }) => [path, nodeOnly.exec(withoutComments(text))?.[0]]);
    expect(used.filter(([, name]) => name !== undefined)).toEqual([]);
  });

  it("RL-13: works as a proxy as well: it sets no runtime, and is one function", async () => {
    const middleware = await import("@/middleware");
    expect(Object.keys(middleware).sort()).toEqual(["config", "middleware"]);
    expect(Object.keys(middleware.config)).toEqual(["matcher"]);
  });
});

function packagesOf(files: readonly Source[]): string[] {
  const imports = files.flatMap((file) => file.imports);
  const packages = imports.filter(({ isOurs, isType }) => !isOurs && !isType);
  return [...new Set(packages.map(({ from }) => from))].sort();
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
}
