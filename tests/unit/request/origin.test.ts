import { describe, expect, it } from "vitest";
import { foreignOriginWords, isSameOrigin } from "@/lib/request/origin";
import { underSettings } from "../../support/under-settings";

// What APP_URL says in the unit tests.
const OURS = "http://localhost:3000";
const EVIL = "http://evil.example";

describe("isSameOrigin", () => {
  it.each([
    ["Sec-Fetch-Site: same-origin", { "Sec-Fetch-Site": "same-origin" }],
    ["it with our origin", { "Sec-Fetch-Site": "same-origin", Origin: OURS }],
    ["no Sec-Fetch-Site, but our origin", { Origin: OURS }],
  ])("CS-1: passes %s", (_what, headers) => {
    expect(isSameOrigin(new Headers(headers))).toBe(true);
  });

  it.each([
    ["CS-1", "nothing at all", {}],
    ["CS-9", "same-origin with another origin", { "Sec-Fetch-Site": "same-origin", Origin: EVIL }],
    [
      "CS-9",
      "a name that was pointed at this machine",
      { "Sec-Fetch-Site": "same-origin", Origin: `${EVIL}:3000`, Host: "evil.example:3000" },
    ],
    ["CS-9", "same-origin with null", { "Sec-Fetch-Site": "same-origin", Origin: "null" }],
    ["CS-9", "same-origin with nothing", { "Sec-Fetch-Site": "same-origin", Origin: "" }],
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

  it("CS-9: takes the names of this machine for one, where APP_URL is one of them", async () => {
    const names = ["localhost", "127.0.0.1", "[::1]"];
    for (const own of [...names, "127.0.0.2"]) {
      const APP_URL = `http://${own}:3000`;
      const { isSameOrigin } = await underSettings(
        { APP_URL },
        () => import("@/lib/request/origin"),
      );
      for (const name of names) {
        const passes = (origin: string) => isSameOrigin(new Headers({ Origin: origin }));
        expect([own, name, passes(`http://${name}:3000`)]).toEqual([own, name, true]);
        for (const other of [`https://${name}:3000`, `http://${name}:3001`, `http://${name}`])
          expect([own, other, passes(other)]).toEqual([own, other, false]);
      }
    }
    for (const Origin of [
      "http://x.localhost:3000",
      "http://127.0.0.2:3000",
      "http://0.0.0.0:3000",
    ])
      expect([Origin, isSameOrigin(new Headers({ Origin }))]).toEqual([Origin, false]);
  });

  it("CS-9: does so on the port that goes without saying, too", async () => {
    const { isSameOrigin } = await underSettings(
      { APP_URL: "http://localhost" },
      () => import("@/lib/request/origin"),
    );
    expect(isSameOrigin(new Headers({ Origin: "http://127.0.0.1" }))).toBe(true);
    expect(isSameOrigin(new Headers({ Origin: "http://127.0.0.1:3000" }))).toBe(false);
  });

  it("CS-9: takes no other name for a public APP_URL", async () => {
    const { isSameOrigin } = await underSettings(
      { APP_URL: "https://app.example.com" },
      () => import("@/lib/request/origin"),
    );
    for (const name of ["localhost", "127.0.0.1", "[::1]"])
      expect(isSameOrigin(new Headers({ Origin: `https://${name}` }))).toBe(false);
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
  const NO_ORIGIN_LINE = 'remove "proxy_set_header Origin …;"';
  const NO_SITE_LINE = '"proxy_set_header Sec-Fetch-Site …;"';
  const SEND_HERE = `"return 301 ${OURS}$request_uri;"`;
  const SET = "set APP_URL to that";
  const SEND_ORIGIN = `send the header "Origin: ${OURS}"`;

  it.each([
    ["a foreign site", { Origin: "https://evil.example" }, ["named https://evil.example", OURS]],
    ["an address of ours too", { Origin: "https://www.us.example" }, [SEND_HERE]],
    ["https where we are http", { Origin: "https://localhost:3000" }, [SET, SEND_HERE]],
    ["the address that was asked", { Origin: "http://a.example", Host: "a.example" }, [SET]],
    [
      "the address that the proxy was asked at",
      { Origin: "https://a.example:8443", "X-Forwarded-Host": "a.example:8443" },
      [SET],
    ],
    ["nothing", {}, [SEND_ORIGIN]],
    ["an empty Origin", { Origin: "" }, [SEND_ORIGIN]],
    ["a program's name alone", { "User-Agent": "curl/8.5.0", Accept: "*/*" }, [SEND_ORIGIN]],
    [
      "a browser's name alone",
      { "User-Agent": "Mozilla/5.0 (X11; Linux x86_64)" },
      ["neither arrived", NO_ORIGIN_LINE, NO_SITE_LINE],
    ],
    ["a Referer of ours alone", { Referer: `${OURS}/sign-in` }, ["neither arrived"]],
    ["a name pointed here", { "Sec-Fetch-Site": "same-origin", Origin: EVIL }, [`named ${EVIL}`]],
    [
      "an Origin that a proxy changed",
      { Origin: "http://127.0.0.1:3000", Referer: `${OURS}/sign-in` },
      ["changed on the way", NO_ORIGIN_LINE],
    ],
    ["what is no address", { Origin: "localhost:3000" }, ["named localhost:3000"]],
    ["an Origin kept back", { Origin: "null" }, ["kept back"]],
    ["another site", { "Sec-Fetch-Site": "cross-site" }, ['"Sec-Fetch-Site: cross-site"']],
    ["a changed site", { "Sec-Fetch-Site": "none", Origin: OURS }, [`remove ${NO_SITE_LINE}`]],
  ])("CS-6: after %s they name what to mend", (_what, headers, named) => {
    const words = foreignOriginWords(new Headers(headers));
    for (const part of ["did not come from a page of this site", ...named])
      expect(words).toContain(part);
  });

  it("CS-6: speak of proxies to browsers alone", () => {
    expect(foreignOriginWords(new Headers())).not.toMatch(/proxy|nginx|Browsers/);
  });

  it("CS-6: a foreign site is not told that it might be ours", () => {
    const headers = { Origin: "https://evil.example", Host: "localhost:3000" };
    expect(foreignOriginWords(new Headers(headers))).not.toContain(SET);
  });

  it("CS-6: do not tell a stranger how the proxy names the machine behind it", () => {
    const inside = { Host: "app-7.internal:3000", "X-Forwarded-Host": "edge.internal" };
    for (const headers of [inside, { ...inside, Origin: "https://evil.example" }])
      expect(foreignOriginWords(new Headers(headers))).not.toContain("internal");
  });

  it("CS-6: stay short, whatever was sent", () => {
    const long = "x".repeat(8_000);
    for (const headers of [{ Origin: long }, { "Sec-Fetch-Site": long }])
      expect(foreignOriginWords(new Headers(headers)).length).toBeLessThan(800);
  });
});
