import { afterEach, expect, it, vi } from "vitest";
import { completeSettings } from "@/scripts/environment";

afterEach(() => vi.unstubAllEnvs());

it("CR-9: tells a public site without a secret and a database of both at once", () => {
  vi.stubEnv("APP_URL", "https://app.example.com");
  for (const name of ["SESSION_SECRET", "DATABASE_URL"]) vi.stubEnv(name, "");
  expect(completeSettings).toThrow(/DATABASE_URL is not set.*\n.*SESSION_SECRET is not usable/);
});
