import Bowser from "bowser";
import { LRUCache } from "lru-cache";

/** What a session or an event came from, in words for people. */
export interface DeviceWords {
  /** "Firefox 141 on Windows"; for what is no known browser, the start of what it calls itself. */
  readonly name: string;
  /** "Firefox"; "Other" where it is not known. */
  readonly browser: string;
  /** "Windows"; null where it is not known. */
  readonly system: string | null;
  /** For an icon. */
  readonly kind: "desktop" | "phone" | "tablet" | "program";
}

// Few browsers make most sessions, and taking one apart costs as much as a read of the database.
const known = new LRUCache<string, DeviceWords>({ max: 2000 });

/** A user agent in words. It is somebody's claim: for people to recognise, never to decide on. */
export function deviceWords(userAgent: string): DeviceWords {
  const words = known.get(userAgent) ?? takenApart(userAgent);
  known.set(userAgent, words);
  return words;
}

// Names as people say them.
const SHORTER = new Map([
  ["Microsoft Edge", "Edge"],
  ["Samsung Internet for Android", "Samsung Internet"],
  ["Chrome OS", "ChromeOS"],
]);
const shorter = (name: string) => SHORTER.get(name) ?? name;

function takenApart(userAgent: string): DeviceWords {
  const { browser, os, platform } = Bowser.parse(userAgent || " ");
  const system = systemName(os.name, userAgent);
  const kind = kindOf(platform.type, system);
  const version = browser.version?.split(".")[0];
  if (!browser.name || !version || !(platform.type || system))
    return { name: userAgent.slice(0, 60) || "Unknown device", browser: "Other", system, kind };
  const program = `${shorter(browser.name)} ${version}`;
  const name = system ? `${program} on ${system}` : program;
  return { name, browser: shorter(browser.name), system, kind };
}

function kindOf(type: string | undefined, system: string | null): DeviceWords["kind"] {
  if (type === "mobile") return "phone";
  if (type === "tablet" || type === "desktop") return type;
  return system ? "desktop" : "program";
}

function systemName(name: string | undefined, userAgent: string): string | null {
  if (name === "iOS") return /\biPad\b/.test(userAgent) ? "iPad" : "iPhone";
  return name ? shorter(name) : null;
}
