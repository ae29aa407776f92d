import type { NextConfig } from "next";
import { HIDDEN_HEADER, NOWHERE } from "./lib/request/own-headers";

const config: NextConfig = {
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
