import type { Metadata, Viewport } from "next";
import { connection } from "next/server";
import type { ReactNode } from "react";
import "./globals.css";
import { BRAND } from "@/lib/brand";
import { siteName } from "@/lib/site-name";

// At a request, since a build has no settings.
export async function generateMetadata(): Promise<Metadata> {
  await connection();
  const name = siteName();
  return {
    title: { default: name, template: `%s · ${name.replaceAll("%s", "")}` },
    description: BRAND.description,
    robots: { index: false, follow: false },
  };
}

export const viewport: Viewport = {
  colorScheme: "light dark",
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: BRAND.barColours.light },
    { media: "(prefers-color-scheme: dark)", color: BRAND.barColours.dark },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  // A page made at build time would hold scripts without the nonce that its response's policy asks for.
  await connection();
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
