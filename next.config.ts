import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // Worker threads need its files as they are, beside each other.
  serverExternalPackages: ["piscina"],
  experimental: {
    // `forbidden()`: an action refused for its origin answers 403.
    authInterrupts: true,
    // With it, the payload of `/admin/sessions/[id]` names the pages beside it, to members as well.
    optimisticRouting: false,
  },
  // Nothing of ours asks for it, and it would fetch what a stranger names.
  images: { unoptimized: true },
  outputFileTracingIncludes: { "/*": ["./lib/account/*.mjs"] },
};

export default config;
