import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // Worker threads need its files as they are, beside each other.
  serverExternalPackages: ["piscina"],
  // `forbidden()`: an action refused for its origin answers 403.
  experimental: { authInterrupts: true },
  // Nothing of ours asks for it, and it would fetch what a stranger names.
  images: { unoptimized: true },
  outputFileTracingIncludes: { "/*": ["./lib/account/password-*.mjs"] },
};

export default config;
