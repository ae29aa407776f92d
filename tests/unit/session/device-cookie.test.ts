import { describe, expect, it } from "vitest";
import {
  deviceCookieName,
  isKnownTo,
  KNOWN_BROWSER_SECONDS,
  openDevice,
  sealDevice,
} from "@/lib/auth/known-browser";
import { seal } from "@/lib/seal";

const now = new Date("2026-03-01T12:00:00.000Z");
const later = (ms: number) => new Date(now.getTime() + ms);
const ada = { id: 1, knownBrowsersSince: null };
const opened = (value: string) => openDevice(`${deviceCookieName()}=${value}`);

describe("isKnownTo", () => {
  it("AU-15: a mark is good for 90 days, to the millisecond", async () => {
    const known = await opened(await sealDevice(null, ada.id, now));
    expect(isKnownTo(known, ada, later(KNOWN_BROWSER_SECONDS * 1000 - 1))).toBe(true);
    expect(isKnownTo(known, ada, later(KNOWN_BROWSER_SECONDS * 1000))).toBe(false);
    expect(KNOWN_BROWSER_SECONDS).toBe(90 * 24 * 3600);
  });

  it("AU-15: one from before all were ended is over, one of that moment is not", async () => {
    const known = await opened(await sealDevice(null, ada.id, now));
    expect(isKnownTo(known, { ...ada, knownBrowsersSince: now }, now)).toBe(true);
    expect(isKnownTo(known, { ...ada, knownBrowsersSince: later(1) }, later(1))).toBe(false);
  });

  it("AU-15: each user has a mark of their own", async () => {
    const first = await opened(await sealDevice(null, ada.id, now));
    const both = await opened(await sealDevice(first, 2, later(1000)));
    const ended = later(KNOWN_BROWSER_SECONDS * 1000);
    expect(both?.id).toBe(first?.id);
    expect(isKnownTo(both, ada, ended)).toBe(false);
    expect(isKnownTo(both, { id: 2, knownBrowsersSince: null }, ended)).toBe(true);
    expect(isKnownTo(both, { id: 3, knownBrowsersSince: null }, now)).toBe(false);
  });

  it("AU-15: a seal that tells no times, as an earlier version made it, makes nobody known", async () => {
    const payload = { d: "0189a000-0000-4000-8000-000000000000", u: [ada.id] };
    const known = await opened(await seal("device", payload, 1000));
    expect(known?.marks).toHaveLength(1);
    expect(isKnownTo(known, ada, now)).toBe(false);
  });
});
