import { sealData } from "iron-session";
import { describe, expect, it } from "vitest";
import { newSecret, newSessionId } from "@/lib/session/token";
import { underSettings } from "../../support/under-settings";

const OLD = "old-secret-3f9a7c1e5b2d8f6a4c0e9b7d5f3a1c8e";
const NEW = "new-secret-7b1d9f3a5c8e2b6d4f0a1c3e5d7f9b2a";
const NEWEST = "third-secret-1c3e5d7f9b2a7b1d9f3a5c8e2b6d4f0a";

const cookieWith = (secrets: string) =>
  underSettings({ SESSION_SECRET: secrets }, () => import("@/lib/session/cookie"));
const keysWith = (secrets: string) =>
  underSettings({ SESSION_SECRET: secrets }, async () => {
    const { sealKeys } = await import("@/lib/seal");
    return sealKeys("session");
  });

const token = () => ({
  sessionId: newSessionId(new Date()),
  secret: newSecret(),
  absoluteExpiresAt: new Date(Math.ceil(Date.now() / 1000) * 1000 + 3_600_000),
});
const payload = () => ({
  v: 1,
  id: token().sessionId,
  s: newSecret(),
  x: Math.ceil(Date.now() / 1000) + 3600,
});

async function sealedWith(secrets: string): Promise<string> {
  return (await cookieWith(secrets)).sealToken(token(), new Date());
}

async function opens(secrets: string, seal: string): Promise<boolean> {
  return (await (await cookieWith(secrets)).openSeal(seal)) !== null;
}

describe("several secrets", () => {
  it("CR-2: seals of an older secret open while it is listed", async () => {
    const seal = await sealedWith(OLD);
    expect(await opens(`${NEW},${OLD}`, seal)).toBe(true);
    expect(await opens(`${NEWEST}, ${NEW}, ${OLD}`, seal)).toBe(true);
  });

  it("CR-2: the first makes the seals", async () => {
    const seal = await sealedWith(`${NEW},${OLD}`);
    expect(await opens(NEW, seal)).toBe(true);
    expect(await opens(OLD, seal)).toBe(false);
  });

  it("CR-2: dropping one ends its seals, and no others", async () => {
    const [old, recent] = [await sealedWith(OLD), await sealedWith(`${NEW},${OLD}`)];
    expect(await opens(`${NEWEST},${NEW}`, old)).toBe(false);
    expect(await opens(`${NEWEST},${NEW}`, recent)).toBe(true);
  });

  it("CR-2: the order of the older ones does not matter", async () => {
    const seal = await sealedWith(OLD);
    expect(await opens(`${NEWEST},${OLD},${NEW}`, seal)).toBe(true);
  });
});

describe("derived keys", () => {
  it("CR-3: what seals is not the secret, nor holds it", async () => {
    const { all } = await keysWith(OLD);
    for (const [number, password] of Object.entries(all)) {
      expect(`${number} ${password}`).not.toContain(OLD);
      expect(password).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  it("CR-3: two secrets have two keys and two numbers", async () => {
    const { all, newest } = await keysWith(`${NEW},${OLD}`);
    expect(new Set(Object.values(all)).size).toBe(2);
    expect(Object.keys(newest)).toHaveLength(1);
  });

  it("CK-8: a seal that another program made with the same secret is not a session", async () => {
    const foreign = await sealData(payload(), { password: OLD });
    expect(await opens(OLD, foreign)).toBe(false);
    const { newest } = await keysWith(OLD);
    const [number = "1"] = Object.keys(newest);
    const numbered = await sealData(payload(), { password: { [number]: OLD } });
    expect(await opens(OLD, numbered)).toBe(false);
  });

  it.each([
    ["no version", { v: undefined }],
    ["another version", { v: 2 }],
    ["an id that is none", { id: "1 OR 1=1" }],
    ["a list for the id", { id: ["019a"] }],
    ["no secret", { s: undefined }],
    ["a secret that is no text", { s: { $ne: "" } }],
    ["no end", { x: undefined }],
    ["an end in words", { x: "never" }],
  ])("CK-8: a good seal of something with %s is not a session", async (_what, change) => {
    const { newest } = await keysWith(OLD);
    const good = await sealData(payload(), { password: newest, ttl: 60 });
    const other = await sealData({ ...payload(), ...change }, { password: newest, ttl: 60 });
    expect(await opens(OLD, good)).toBe(true);
    expect(await opens(OLD, other)).toBe(false);
  });

  it("TO-6: a seal past its end opens no more", async () => {
    const { newest } = await keysWith(OLD);
    // A negative life: the end is behind us by more than the minute that clocks may differ.
    const ended = await sealData(payload(), { password: newest, ttl: -120 });
    expect(await opens(OLD, ended)).toBe(false);
  });
});
