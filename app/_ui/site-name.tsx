"use client";

import { createContext, type ReactNode, use } from "react";
import { BRAND } from "@/lib/brand";

// The brand's own where not even the layout could be made.
const SiteName = createContext<string>(BRAND.name);

/** Hands the site's name to what is drawn in the browser alone: a page of an error reads no settings. */
export function NamedSite({ name, children }: { name: string; children: ReactNode }) {
  return <SiteName value={name}>{children}</SiteName>;
}

export function useSiteName(): string {
  return use(SiteName);
}
