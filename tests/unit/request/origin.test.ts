import { describe, expect, it } from "vitest";
import { foreignOriginWords, isSameOrigin } from "@/lib/request/origin";
import { underSettings } from "../../support/under-settings";

// What APP_URL says in the unit tests.
const OURS = "http://localhost:3000";

describe("isSameOrigin", () => {
  it.each([
    ["Sec-Fetch-Site: same-origin", { "Sec-Fetch-Site": "same-origin" }],
    ["it with our origin", { "Sec-Fetch-Site": "same-origin", Origin: OURS }],
    // A proxy in front may have changed the host, a browser's word on the site stands.
    ["it with another origin", { "Sec-Fetch-Site": "same-origin", Origin: "http://proxied:3000" }],
    ["no Sec-Fetch-Site, but our origin", { Origin: OURS }],
  ])("CS-1: passes %s", (_what, headers) => {
    expect(isSameOrigin(new Headers(headers))).toBe(true);
  });

  it.each([
    ["CS-1", "nothing at all", {}],
    ["CS-1", "cross-site", { "Sec-Fetch-Site": "cross-site" }],
    ["CS-1", "cross-site with our origin", { "Sec-Fetch-Site": "cross-site", Origin: OURS }],
    ["CS-3", "same-site", { "Sec-Fetch-Site": "same-site", Origin: OURS }],
    ["CS-1", "none", { "Sec-Fetch-Site": "none" }],
    ["CS-1", "an empty Sec-Fetch-Site", { "Sec-Fetch-Site": "", Origin: OURS }],
    ["CS-1", "other letter case", { "Sec-Fetch-Site": "Same-Origin" }],
    ["CS-2", "Origin: null", { Origin: "null" }],
    ["CS-2", "another origin", { Origin: "https://evil.example" }],
    ["CS-2", "another scheme", { Origin: "https://localhost:3000" }],
    ["CS-2", "another port", { Origin: "http://localhost:3001" }],
    ["CS-2", "no port", { Origin: "http://localhost" }],
    ["CS-2", "our origin as a prefix", { Origin: `${OURS}.evil.example` }],
    ["CS-2", "our origin and a path", { Origin: `${OURS}/` }],
    ["CS-2", "a referrer alone", { Referer: `${OURS}/sign-in` }],
    [
      "CS-2",
      "a forwarded host of the client's own",
      { Origin: "https://evil.example", "X-Forwarded-Host": "evil.example", Host: "evil.example" },
    ],
  ])("%s: refuses %s", (_id, _what, headers) => {
    expect(isSameOrigin(new Headers(headers))).toBe(false);
  });

  it("CS-2: follows APP_URL, not the host that a request names", async () => {
    const origin = await underSettings(
      { APP_URL: "https://app.example.com" },
      () => import("@/lib/request/origin"),
    );
    expect(origin.isSameOrigin(new Headers({ Origin: "https://app.example.com" }))).toBe(true);
    const own = new Headers({ Origin: OURS, Host: "localhost:3000" });
    expect(origin.isSameOrigin(own)).toBe(false);
  });
});

describe("foreignOriginWords", () => {
  it("CS-6: name both origins, so that a proxy can be mended", () => {
    const words = foreignOriginWords(new Headers({ Origin: "https://evil.example" }));
    expect(words).toContain(OURS);
    expect(words).toContain("https://evil.example");
    expect(foreignOriginWords(new Headers())).toContain("no origin");
  });
});
