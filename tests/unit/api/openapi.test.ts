import { expect, test } from "vitest";
import { underSettings } from "../../support/under-settings";

test.each([
  [{ APP_URL: "http://localhost:3000" }, "session"],
  [{ APP_URL: "https://app.example.com" }, "__Host-session"],
  [
    { APP_URL: "https://app.example.com", SESSION_COOKIE_DOMAIN: "example.com" },
    "__Secure-session",
  ],
  [{ APP_URL: "https://app.example.com", SESSION_COOKIE_NAME: "sid" }, "__Host-sid"],
])("under %j the document names the cookie as it is sent: %s", async (settings, name) => {
  const { openApiDocument } = await underSettings(settings, () => import("@/lib/api/openapi"));
  const { session } = openApiDocument("https://app.example.com").components.securitySchemes;
  expect(session).toEqual({ type: "apiKey", in: "cookie", name });
});
