import { afterEach, vi } from "vitest";

afterEach(() => {
  vi.unstubAllEnvs();
});

/**
 * Imports modules of lib anew, as a process with these settings would: settings are read once.
 * What is not given stays as the test project has it.
 */
export async function underSettings<T>(
  settings: Record<string, string>,
  load: () => Promise<T>,
): Promise<T> {
  vi.resetModules();
  vi.unstubAllEnvs();
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  return load();
}
