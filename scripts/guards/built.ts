// What a build serves, by its own manifests, held against what the sources say.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { NOWHERE } from "@/lib/request/own-headers";
import type { Entry } from "./entry";

const Names = z.record(z.string(), z.unknown());
const Action = z.object({
  filename: z.string(),
  exportedName: z.string(),
  /** The pages that hold it, such as `app/sign-in/page`. */
  workers: Names,
});
const Actions = z.object({ node: z.record(z.string(), Action), edge: Names });

const Rewrite = z.object({ source: z.string(), destination: z.string() });
const Rewrites = z.object({
  rewrites: z.union([z.array(Rewrite), z.record(z.string(), z.array(Rewrite))]).default([]),
});

interface BuiltAction {
  /** What the `Next-Action` header names it by. */
  readonly id: string;
  readonly source: string;
  readonly name: string;
  /** The sources' names of the pages that hold it, without an ending. */
  readonly pages: readonly string[];
}

/** The server actions of the build in a folder. */
export function builtActions(folder: string): BuiltAction[] {
  const { node } = Actions.parse(manifest(folder, "server-reference-manifest"));
  return Object.entries(node).map(([id, { filename, exportedName, workers }]) => ({
    id,
    source: filename,
    name: exportedName,
    pages: Object.keys(workers),
  }));
}

/** Where a build and the list of entries differ, in words; nothing where they agree. */
export function differences(entries: readonly Entry[], folder: string): string[] {
  const listed = new Set(entries.map(keyOf).filter((key) => key !== null));
  const built = builtKeys(folder);
  const unlisted = [...built].filter((key) => !listed.has(key));
  const unbuilt = [...listed].filter((key) => !built.has(key));
  return [
    ...unlisted.map((key) => `${key} was built, and is not in the list`),
    ...unbuilt.map((key) => `${key} is in the list, and was not built`),
    ...rewrites(folder).map((source) => `${source} is rewritten past the list`),
  ];
}

function builtKeys(folder: string): Set<string> {
  const app = Object.keys(Names.parse(manifest(folder, "app-paths-manifest")));
  const pages = Object.keys(Names.parse(manifest(folder, "pages-manifest")));
  const { edge } = Actions.parse(manifest(folder, "server-reference-manifest"));
  const actions = builtActions(folder).map(({ source, name }) => `${source} ${name}`);
  // Next's own: what it shows for errors.
  const own = /^\/(_global-error\/page|_not-found\/page|_app|_document|_error|404|500)$/;
  const routes = [...app, ...pages].filter((route) => !own.test(route));
  return new Set([...routes, ...actions, ...Object.keys(edge)]);
}

// What a route of metadata is called in the build, where that is not its name.
const SERVED_AS: Readonly<Record<string, string>> = {
  sitemap: "sitemap.xml",
  robots: "robots.txt",
  manifest: "manifest.webmanifest",
};

/** What the build calls an entry; null where it is a part of another, or no part of the build. */
function keyOf({ kind, source, address }: Entry): string | null {
  if (kind === "action") return `${source} ${address}`;
  const path = source.replace(/^app/, "").replace(/\.[jt]sx?$/, "");
  if (kind === "page" || kind === "handler") return path;
  if (kind === "file") return source.startsWith("app/") ? `${address}/route` : null;
  if (kind !== "metadata" || address !== "default") return null;
  return `${path.replace(/[^/]+$/, (name) => SERVED_AS[name] ?? name)}/route`;
}

// `next.config.ts` can lead one address to another, or to another server.
function rewrites(folder: string): string[] {
  const file = Rewrites.parse(manifest(folder, "../routes-manifest"));
  const all = Array.isArray(file.rewrites) ? file.rewrites : Object.values(file.rewrites).flat();
  const elsewhere = all.filter(({ destination }) => !destination.startsWith(NOWHERE));
  return elsewhere.map(({ source }) => source);
}

function manifest(folder: string, name: string): unknown {
  const file = join(folder, ".next/server", `${name}.json`);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
}
