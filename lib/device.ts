import Bowser from "bowser";
import ipaddr from "ipaddr.js";
import { LRUCache } from "lru-cache";

/** From where: the address and what the browser says it is. Both are somebody's claim. */
export interface Device {
  readonly ipAddress: string;
  readonly userAgent: string;
}

const LONGEST_ADDRESS = 45;
const LONGEST_USER_AGENT = 512;

/** A device that fits its columns; control characters, which could forge log lines, are gone. */
export function deviceFrom(ipAddress: string, userAgent: string): Device {
  return {
    ipAddress: printable(ipAddress).slice(0, LONGEST_ADDRESS),
    userAgent: printable(userAgent).slice(0, LONGEST_USER_AGENT),
  };
}

function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, " ");
}

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

// What providers give a connection, a household, and a site or a machine that is for hire (RIPE-690).
const IPV6_PREFIXES = [64, 56, 48] as const;

/**
 * The blocks that an address counts with, the smallest first: an IPv4 address alone; of an IPv6 one
 * its /64, /56 and /48, since one customer has 2^64 addresses and up to 65,536 networks to try from
 * (ASVS 6.3.1). What is no address counts as one together.
 */
export function addressBlocks(address: string): readonly [string, ...string[]] {
  if (!ipaddr.isValid(address)) return ["none"];
  const parsed = ipaddr.process(address);
  if (parsed.kind() === "ipv4") return [parsed.toString()];
  const bytes = Buffer.from(parsed.toByteArray());
  const blockOf = (bits: number) => `${bytes.subarray(0, bits / 8).toString("hex")}/${bits}`;
  const [smallest, ...larger] = IPV6_PREFIXES;
  return [blockOf(smallest), ...larger.map(blockOf)];
}

/** What counts as one address: the smallest block of it. */
export function addressBlock(address: string): string {
  return addressBlocks(address)[0];
}

/** Whether an address is one of the public internet: neither of this machine nor of a private network. */
export function isPublicAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === "unicast";
}

/** The addresses of a network; of a single one that alone. */
export interface Network {
  /** The first and the last of them, in hexadecimal. */
  readonly first: string;
  readonly last: string;
  /** What all of them begin with as they are written; empty where that is nothing. */
  readonly start: string;
}

/** The network that an address or a text such as `192.0.2.0/24` names (RFC 4632); null for another text. */
export function networkOf(text: string): Network | null {
  const [address = "", bits] = text.split("/", 2);
  if (!ipaddr.isValid(address) || !isWhole(address)) return null;
  const parsed = ipaddr.process(address);
  const bytes = parsed.toByteArray();
  const most = bytes.length * 8;
  const length = bits === undefined ? most : Number(/^\d{1,3}$/.exec(bits)?.[0] ?? Number.NaN);
  if (!(length <= most)) return null;
  const maskOf = (n: number) => (0xff << (8 - Math.min(Math.max(length - n * 8, 0), 8))) & 0xff;
  const first = bytes.map((byte, n) => byte & maskOf(n));
  const last = bytes.map((byte, n) => byte | (0xff & ~maskOf(n)));
  const whole = first.slice(0, Math.floor(length / 8));
  // An IPv6 address can be written in several ways.
  const start = most > 32 ? "" : whole.map((byte) => `${byte}.`).join("");
  const hex = (of: number[]) => Buffer.from(of).toString("hex").toUpperCase();
  return { first: hex(first), last: hex(last), start: length === 32 ? start.slice(0, -1) : start };
}

// The parser also takes "10" and "0x7f.1" for addresses.
const isWhole = (address: string) => address.includes(":") || address.split(".").length === 4;
