import { expect, it } from "vitest";
import { deviceWords } from "@/lib/device";

const KIT = "AppleWebKit/537.36 (KHTML, like Gecko)";
const WINDOWS = `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${KIT} Chrome/140.0.0.0 Safari/537.36`;
const IOS = "like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";

it.each([
  [
    "Firefox 141 on Windows",
    "desktop",
    "Mozilla/5.0 (Windows NT 10.0; rv:141.0) Gecko/20100101 Firefox/141.0",
  ],
  ["Chrome 140 on Windows", "desktop", WINDOWS],
  ["Edge 140 on Windows", "desktop", `${WINDOWS} Edg/140.0.0.0`],
  ["Opera 120 on Windows", "desktop", `${WINDOWS} OPR/120.0.0.0`],
  [
    "Safari 18 on macOS",
    "desktop",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15",
  ],
  [
    "Chrome 140 on Linux",
    "desktop",
    `Mozilla/5.0 (X11; Linux x86_64) ${KIT} HeadlessChrome/140.0.0.0 Safari/537.36`,
  ],
  [
    "Chrome 140 on ChromeOS",
    "desktop",
    `Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${KIT} Chrome/140.0.0.0 Safari/537.36`,
  ],
  [
    "Chrome 140 on Android",
    "phone",
    `Mozilla/5.0 (Linux; Android 15; Pixel 9) ${KIT} Chrome/140.0.0.0 Mobile Safari/537.36`,
  ],
  [
    "Samsung Internet 25 on Android",
    "phone",
    `Mozilla/5.0 (Linux; Android 14; SM-S911B) ${KIT} SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36`,
  ],
  [
    "Safari 18 on iPhone",
    "phone",
    `Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 ${IOS} Version/18.0 Mobile/15E148 Safari/604.1`,
  ],
  [
    "Firefox 141 on iPhone",
    "phone",
    `Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 ${IOS} FxiOS/141.0 Mobile/15E148 Safari/605.1.15`,
  ],
  [
    "Chrome 140 on iPad",
    "tablet",
    `Mozilla/5.0 (iPad; CPU OS 17_0 ${IOS} CriOS/140.0.0.0 Mobile/15E148 Safari/604.1`,
  ],
  ["curl/8.5.0", "program", "curl/8.5.0"],
  ["Test/1.0", "program", "Test/1.0"],
  ["Unknown device", "program", ""],
])("is called %s, a %s", (name, kind, userAgent) => {
  expect(deviceWords(userAgent)).toMatchObject({ name, kind });
});

it("gives the browser without its version, for shares", () => {
  expect(deviceWords(WINDOWS)).toMatchObject({ browser: "Chrome", system: "Windows" });
  expect(deviceWords("curl/8.5.0")).toMatchObject({ browser: "Other", system: null });
});

it("shows no more than the start of what it does not know", () => {
  expect(deviceWords("x".repeat(512)).name).toBe("x".repeat(60));
});

it("takes the worst that fits its column apart in no time", () => {
  const before = performance.now();
  for (const part of ["(", "Version/", "a/ ", "Mozilla/5.0 (", "; Android "])
    deviceWords(part.repeat(512).slice(0, 512));
  expect(performance.now() - before).toBeLessThan(200);
});

it.each(["constructor", "toString", "__proto__"])(
  "IN-1: a program that calls itself %s is called that",
  (name) => {
    const words = deviceWords(`${name}/1.0 (X11; Linux x86_64)`);
    expect(words.name).toContain(name);
    expect(typeof words.browser).toBe("string");
  },
);
