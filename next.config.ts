import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { NextConfig } from "next";
import { HIDDEN_HEADER, NOWHERE } from "./lib/request/own-headers";

const APP = join(import.meta.dirname, "app");

/** Matches the path of every page and handler in `app`; at the edge nothing else tells which there are. */
function pathsOfBuild(): string {
  // A server that was moved without its sources was built from them.
  const files = existsSync(APP) ? readdirSync(APP, { recursive: true, encoding: "utf8" }) : [];
  const routes = files.filter((file) => /(^|\/)(page|route)\.[jt]sx?$/.test(file));
  return routes.map((file) => patternOf(dirname(file))).join("|");
}

function patternOf(folder: string): string {
  // Groups and slots are in no address.
  const named = folder.split("/").filter((name) => !/^(\.|\(.*\)|@.*)$/.test(name));
  const parts = named.map((name) => {
    if (name.startsWith("[[...")) return "(/.+)?";
    if (name.startsWith("[...")) return "/.+";
    return name.startsWith("[") ? "/[^/]+" : `/${name.replaceAll(".", "\\.")}`;
  });
  return `^${parts.join("") || "/"}$`;
}

const config: NextConfig = {
  env: { PATHS_OF_BUILD: pathsOfBuild() },
  poweredByHeader: false,
  reactStrictMode: true,
  // Worker threads need its files as they are, beside each other.
  serverExternalPackages: ["piscina"],
  experimental: {
    // `forbidden()`: an action refused for its origin answers 403.
    authInterrupts: true,
    // With it, the payload of `/admin/users/[id]` names the pages beside it, to staff as well.
    optimisticRouting: false,
  },
  // What does not exist for whoever asks.
  rewrites: async () => ({
    beforeFiles: [
      {
        source: "/:path*",
        has: [{ type: "header", key: HIDDEN_HEADER }],
        destination: `${NOWHERE}:path*`,
      },
    ],
  }),
  // Nothing of ours asks for it, and it would fetch what a stranger names.
  images: { unoptimized: true },
  outputFileTracingIncludes: { "/*": ["./lib/auth/*.mjs"] },
};

export default config;
