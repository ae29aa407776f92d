import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // Worker threads need its files as they are, beside each other.
  serverExternalPackages: ["piscina"],
  // `forbidden()`: an action refused for its origin answers 403.
  experimental: { authInterrupts: true },
  outputFileTracingIncludes: { "/*": ["./lib/account/password-worker.mjs"] },
};

export default config;
