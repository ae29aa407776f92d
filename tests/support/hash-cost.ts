import { isLoopback } from "@/lib/variables";

/** The least work for a password's hash that a site at this URL may ask for. */
export function leastHashCost(appUrl: string): string {
  return isLoopback(new URL(appUrl).hostname) ? "4" : "10";
}
