import { settings } from "@/lib/env";

/** What the site is called, for people: `APP_NAME`, or the brand's name. Anybody may know it. */
export function siteName(): string {
  return settings().APP_NAME;
}
