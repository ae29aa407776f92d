import { describe, expect, it } from "vitest";
import { DEFAULT_RETURN_TO, safeReturnTo, withReturnTo } from "@/lib/request/return-to";

const OWN = "https://app.example.com";

const ELSEWHERE = [
  "//evil.example",
  "///evil.example",
  "////evil.example",
  "/\\evil.example",
  "\\evil.example",
  "\\\\evil.example",
  "/\\/evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "/\r/evil.example",
  "\t//evil.example",
  " //evil.example",
  "\u0000//evil.example",
  "/.//evil.example",
  "/..//evil.example",
  "/a/..//evil.example",
  "/./\\evil.example",
  "/%2e//evil.example",
  "/%2E%2e//evil.example",
  "/a/%2e%2e//evil.example",
  "http://evil.example",
  "https://evil.example/a",
  "http:///evil.example",
  "http:evil.example",
  "https:/evil.example",
  "HTTP://evil.example",
  "//user:password@evil.example",
  "https://app.example.com@evil.example",
  "//app.example.com.evil.example",
  "https://app.example.com:8443/",
  "ftp://evil.example",
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  "java\nscript:alert(1)",
  "data:text/html,x",
  "blob:x",
  "mailto:a@example.com",
  "evil.example",
  "dashboard",
  "?a=1",
  "#a",
  "",
];

const OURS = [
  "/",
  "/dashboard",
  "/account/sessions?page=2&sort=a",
  "/a?returnTo=https://evil.example/x",
  "/a?u=//evil.example",
  "/a#part",
  "/a?b=c#part",
  "/view/?param=http://example.com",
  "/%2F%2Fevil.example",
  "/caf%C3%A9",
  "/sign-in-help",
  "/apiary",
];

describe("safeReturnTo", () => {
  it.each(ELSEWHERE)("RD-1: does not lead to %j", (value) => {
    expect(safeReturnTo(value)).toBe(DEFAULT_RETURN_TO);
  });

  it.each(OURS)("RD-1: keeps %j, query and fragment included", (value) => {
    expect(safeReturnTo(value)).toBe(value);
  });

  it("RD-1: whatever comes out stays on this site when a browser resolves it", () => {
    for (const value of [...ELSEWHERE, ...OURS])
      expect(new URL(safeReturnTo(value), OWN).origin, value).toBe(OWN);
  });

  it("RD-1: what comes out comes out again unchanged", () => {
    for (const value of [...OURS, "/a/../b", "/ü?ä=1", "/a b"]) {
      const once = safeReturnTo(value);
      expect(safeReturnTo(once), value).toBe(once);
    }
  });

  it.each([undefined, null, 1, true, ["/a", "/b"], { toString: () => "/a" }])(
    "RD-1: %j is no path",
    (value) => {
      expect(safeReturnTo(value)).toBe(DEFAULT_RETURN_TO);
    },
  );

  it("RD-1: what is longer than 2048 characters is dropped", () => {
    expect(safeReturnTo(`/${"a".repeat(2047)}`)).toHaveLength(2048);
    expect(safeReturnTo(`/${"a".repeat(2048)}`)).toBe(DEFAULT_RETURN_TO);
  });

  it.each([
    "/sign-in",
    "/sign-in/",
    "/SIGN-IN",
    "/sign-in?returnTo=/sign-in",
    "/sign-in#a",
    "/a/../sign-in",
    "/session/ended",
    "/session/ended?returnTo=/",
    "/unavailable",
    "/api/session",
    "/API/session",
  ])("RD-3: %j would go in circles, or is no page", (value) => {
    expect(safeReturnTo(value)).toBe(DEFAULT_RETURN_TO);
  });
});

describe("safeReturnTo and what the router adds", () => {
  it.each([
    ["/a?_rsc", "/a"],
    ["/a?_rsc=", "/a"],
    ["/a?_rsc=1x2y", "/a"],
    ["/?_rsc=1x2y", "/"],
    ["/a?_rsc=1x2y&b=c", "/a?b=c"],
    ["/a?b=c&_rsc=1x2y", "/a?b=c"],
    ["/a?b=c&_rsc=1x2y&d=e", "/a?b=c&d=e"],
    ["/a?_rsc=1&b=c&_rsc=2&_rsc", "/a?b=c"],
    ["/a?b=c&_rsc=1#part", "/a?b=c#part"],
    ["/a?_rsc#part", "/a#part"],
    ["/a?%5Frsc=1&b=%20c", "/a?b=%20c"],
    ["/a?_%72s%63=1", "/a"],
    ["/a?nxtPid=1&b=c&nxtIid=2", "/a?b=c"],
  ])("RD-6: %s leads to %s", (given, kept) => {
    expect(safeReturnTo(given)).toBe(kept);
  });

  it.each([
    "/a?b=_rsc",
    "/a?b=_rsc=1",
    "/a?_rscs=1",
    "/a?x_rsc=1",
    "/a?_RSC=1",
    "/a#?_rsc=1",
    "/_rsc",
    "/a?b=c&&d=%2B+e",
    "/a?",
  ])("RD-6: %s is a person's own, letter by letter", (given) => {
    expect(safeReturnTo(given)).toBe(given.replace(/\?$/, ""));
  });
});

describe("withReturnTo", () => {
  it("carries path, query and fragment so that they come out whole", () => {
    const path = "/a?b=c&d=ä#part";
    const { searchParams } = new URL(withReturnTo("/sign-in", path, { reason: "idle" }), OWN);
    expect(searchParams.get("returnTo")).toBe(path);
    expect(searchParams.get("reason")).toBe("idle");
  });

  it("leaves the default out", () => {
    expect(withReturnTo("/sign-in", DEFAULT_RETURN_TO)).toBe("/sign-in");
  });
});
