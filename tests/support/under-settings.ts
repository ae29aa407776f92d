import { afterEach, vi } from "vitest";
import { leastHashCost } from "./hash-cost";

let hasLoaded = false;

afterEach(() => {
  vi.unstubAllEnvs();
  // Whatever is first imported later, as each command is, must not find modules with these settings.
  if (hasLoaded) vi.resetModules();
  hasLoaded = false;
});

/**
 * Imports modules of lib anew, as a process with these settings would: settings are read once.
 * What is not given stays as the test project has it.
 */
export async function underSettings<T>(
  settings: Record<string, string>,
  load: () => Promise<T>,
): Promise<T> {
  vi.unstubAllEnvs();
  // They are read at first use: the modules that are there must not find what is set below.
  await readSettings();
  vi.resetModules();
  hasLoaded = true;
  const { APP_URL: url } = settings;
  const cheap = url ? { PASSWORD_HASH_COST: leastHashCost(url) } : {};
  for (const [name, value] of Object.entries({ ...cheap, ...settings })) vi.stubEnv(name, value);
  const loaded = await load();
  // Nor may the new ones read them later, when a test has ended and they are gone.
  await readSettings();
  return loaded;
}

async function readSettings(): Promise<void> {
  const { settings } = await import("@/lib/env");
  settings();
}
