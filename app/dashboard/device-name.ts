/** In this order: most browsers also claim to be the ones further down. */
const BROWSERS = [
  ["Edge", /\bEdg(?:e|A|iOS)?\/(\d+)/],
  ["Opera", /\bOPR\/(\d+)/],
  ["Samsung Internet", /\bSamsungBrowser\/(\d+)/],
  ["Firefox", /\b(?:Firefox|FxiOS)\/(\d+)/],
  ["Chrome", /\b(?:Chrome|HeadlessChrome|CriOS)\/(\d+)/],
  ["Safari", /\bVersion\/(\d+).*\bSafari\//],
] as const;

const SYSTEMS = [
  ["iPhone", /\biPhone\b/],
  ["iPad", /\biPad\b/],
  ["Android", /\bAndroid\b/],
  ["ChromeOS", /\bCrOS\b/],
  ["Windows", /\bWindows\b/],
  ["macOS", /\bMac OS X\b/],
  ["Linux", /\bLinux\b/],
] as const;

/** "Firefox 141 on Windows"; for what is not a known browser, the start of what it calls itself. */
export function deviceName(userAgent: string): string {
  const [browser, pattern] = BROWSERS.find(([, known]) => known.test(userAgent)) ?? [];
  if (!browser) return userAgent.slice(0, 60) || "Unknown device";
  const version = pattern?.exec(userAgent)?.[1];
  const [system] = SYSTEMS.find(([, known]) => known.test(userAgent)) ?? [];
  return system ? `${browser} ${version} on ${system}` : `${browser} ${version}`;
}
