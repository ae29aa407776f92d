import { settings } from "@/lib/env";
import { isLoopback } from "@/lib/variables";

/**
 * Throws where `APP_URL` is a site that others reach. Whoever may sign in as anybody, without a
 * password, must not be able to by a wrong `.env`.
 */
export function insistOnThisMachine(): void {
  const { hostname } = settings().APP_URL;
  if (isLoopback(hostname)) return;
  throw new Error(
    `tests/helpers/ is for sites of this machine alone, and APP_URL is at ${hostname}. Unset APP_URL, or set it to http://localhost:3000.`,
  );
}
