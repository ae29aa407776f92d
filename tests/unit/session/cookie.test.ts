import { randomBytes } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { clearingLines, formerCookieNames } from "@/lib/session/clear-cookie";
import {
  cookieAttributes,
  cookieMaxAge,
  cookieValues,
  openCookies,
  sealToken,
  sessionCookieName,
} from "@/lib/session/cookie";
import { newSecret, newSessionId } from "@/lib/session/token";
import { underSettings } from "../../support/under-settings";

const load = async () => ({
  ...(await import("@/lib/session/cookie")),
  ...(await import("@/lib/session/clear-cookie")),
});
const https = (settings: Record<string, string> = {}) =>
  underSettings({ APP_URL: "https://app.example.com", ...settings }, load);

const DAY_MS = 86_400_000;

function newToken(lifeMs = DAY_MS) {
  const now = new Date();
  const end = Math.floor((now.getTime() + lifeMs) / 1000) * 1000;
  return { sessionId: newSessionId(now), secret: newSecret(), absoluteExpiresAt: new Date(end) };
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

describe("name and attributes", () => {
  it("CK-1: over https: __Host-, Secure, HttpOnly, Path=/, SameSite=Lax and no Domain", async () => {
    const cookie = await https();
    expect(cookie.sessionCookieName()).toBe("__Host-session");
    expect(cookie.cookieAttributes()).toEqual({
      httpOnly: true,
      secure: true,
      sameSite: "lax",
      path: "/",
    });
  });

  it("CK-2: with a domain: __Secure- and that Domain", async () => {
    const cookie = await https({ SESSION_COOKIE_DOMAIN: "example.com" });
    expect(cookie.sessionCookieName()).toBe("__Secure-session");
    expect(cookie.cookieAttributes()).toMatchObject({ secure: true, domain: "example.com" });
  });

  it("CK-3: over plain http on this machine: no prefix and no Secure", () => {
    expect(sessionCookieName()).toBe("session");
    expect(cookieAttributes()).toMatchObject({ secure: false, httpOnly: true });
  });

  it.each(["production", "development"])("CK-3: NODE_ENV=%s changes neither", async (mode) => {
    const secure = await https({ NODE_ENV: mode });
    expect(secure.sessionCookieName()).toBe("__Host-session");
    expect(secure.cookieAttributes().secure).toBe(true);
    const plain = await underSettings({ NODE_ENV: mode, APP_URL: "http://localhost:3000" }, load);
    expect(plain.sessionCookieName()).toBe("session");
    expect(plain.cookieAttributes().secure).toBe(false);
  });

  it("SESSION_COOKIE_NAME and SESSION_COOKIE_SAMESITE are followed", async () => {
    const cookie = await https({ SESSION_COOKIE_NAME: "gate", SESSION_COOKIE_SAMESITE: "strict" });
    expect(cookie.sessionCookieName()).toBe("__Host-gate");
    expect(cookie.cookieAttributes().sameSite).toBe("strict");
  });

  it("CK-5: clearing has the same attributes and Max-Age=0", async () => {
    const cookie = await https({ SESSION_COOKIE_DOMAIN: "example.com" });
    expect(cookie.cookieAttributes(0)).toEqual({ ...cookie.cookieAttributes(), maxAge: 0 });
  });

  it("CK-5: the names of other settings are known, the present one is not among them", async () => {
    expect(formerCookieNames()).toEqual(["__Host-session", "__Secure-session"]);
    const cookie = await https();
    expect(cookie.formerCookieNames()).toEqual(["session", "__Secure-session"]);
  });
});

describe("cookieMaxAge", () => {
  const now = new Date();
  const inDays = (days: number) => new Date(now.getTime() + days * DAY_MS);

  it("'Stay signed in': to the absolute end, not the idle one", () => {
    const session = { persistent: true, absoluteExpiresAt: inDays(90) };
    expect(cookieMaxAge(session, now)).toBe(90 * 86_400);
  });

  it("without it: until the browser closes", () => {
    expect(cookieMaxAge({ persistent: false, absoluteExpiresAt: inDays(90) }, now)).toBeUndefined();
    expect(cookieAttributes(undefined)).not.toHaveProperty("maxAge");
  });

  it("SESSION_EXPIRE_AT_BROWSER_CLOSE wins over 'Stay signed in'", async () => {
    const cookie = await underSettings({ SESSION_EXPIRE_AT_BROWSER_CLOSE: "true" }, load);
    const session = { persistent: true, absoluteExpiresAt: inDays(90) };
    expect(cookie.cookieMaxAge(session, now)).toBeUndefined();
  });

  it("CK-4: no cookie lives for longer than 400 days", () => {
    const session = { persistent: true, absoluteExpiresAt: inDays(4000) };
    expect(cookieMaxAge(session, now)).toBe(400 * 86_400);
  });

  it("is never negative", () => {
    expect(cookieMaxAge({ persistent: true, absoluteExpiresAt: inDays(-1) }, now)).toBe(0);
  });
});

describe("sealToken", () => {
  it("CK-4: name, value and attributes fit into 4096 bytes, with the longest settings", async () => {
    const cookie = await https({
      SESSION_COOKIE_NAME: "n".repeat(64),
      APP_URL: `https://${"a".repeat(60)}.example.com`,
      SESSION_COOKIE_DOMAIN: "example.com",
    });
    const value = await cookie.sealToken(newToken(400 * DAY_MS), new Date());
    const attributes =
      "; Domain=example.com; Path=/; Max-Age=34560000; Secure; HttpOnly; SameSite=Strict";
    const name = cookie.sessionCookieName();
    expect(Buffer.byteLength(`${name}=${value}${attributes}`)).toBeLessThan(1024);
  });

  it("CK-4: the value needs no quoting in a header", async () => {
    const value = await sealToken(newToken(), new Date());
    expect(encodeURIComponent(value)).toBe(value);
  });

  it("SID-7: the value holds neither the id nor the secret, as they are or decoded", async () => {
    const token = newToken();
    const value = await sealToken(token, new Date());
    const pieces = value.split(/[*~]/).flatMap((piece) => decodings(piece));
    for (const told of [token.sessionId, token.secret, token.sessionId.replaceAll("-", "")])
      expect(pieces.some((piece) => piece.includes(told))).toBe(false);
    expect(pieces.some((piece) => /"v":|"id":|session|secret|gatehouse/i.test(piece))).toBe(false);
  });

  it("SID-7: the name is no framework's default", async () => {
    const known = /^(connect\.sid|sid|phpsessid|jsessionid|asp|sessionid|laravel|next-auth|iron)/i;
    expect(sessionCookieName()).not.toMatch(known);
    expect((await https()).sessionCookieName()).not.toMatch(known);
  });

  it("SID-7: two seals of one token have nothing in common but the form", async () => {
    const token = newToken();
    const now = new Date();
    const [first, second] = [await sealToken(token, now), await sealToken(token, now)];
    expect(first).not.toBe(second);
    expect(first.split("*")[4]?.slice(0, 8)).not.toBe(second.split("*")[4]?.slice(0, 8));
  });

  it.each([1, 14, 90, 400])("TO-6: the seal of %d days ends when the row does", async (days) => {
    const token = newToken(days * DAY_MS);
    const value = await sealToken(token, new Date());
    const sealEnd = Number(value.split("*")[5]);
    // Within the second to which the token's end was cut.
    expect(Math.abs(sealEnd - token.absoluteExpiresAt.getTime())).toBeLessThanOrEqual(1000);
  });

  it("TO-6: no seal is endless, not even one of a session that is over", async () => {
    const value = await sealToken(newToken(-DAY_MS), new Date());
    expect(Number(value.split("*")[5])).toBeLessThanOrEqual(Date.now() + 1000);
  });

  it("TO-6: a browser-session cookie's seal has the same end", async () => {
    const cookie = await underSettings({ SESSION_EXPIRE_AT_BROWSER_CLOSE: "true" }, load);
    const began = Date.now();
    const token = newToken();
    const value = await cookie.sealToken(token, new Date());
    const distance = Number(value.split("*")[5]) - token.absoluteExpiresAt.getTime();
    // Whole seconds, and what the machine took meanwhile.
    expect(Math.abs(distance)).toBeLessThanOrEqual(1000 + Date.now() - began);
  });
});

function decodings(text: string): string[] {
  const encodings = ["base64url", "base64", "hex"] as const;
  return [text, ...encodings.map((encoding) => Buffer.from(text, encoding).toString("latin1"))];
}

describe("cookieValues", () => {
  it("CK-9: gives every value of our name, in the order of the header", () => {
    expect(cookieValues("a=1; session=A; b=2;session=B; session=")).toEqual(["A", "B", ""]);
  });

  it.each([
    ["no header", null],
    ["an empty header", ""],
    ["other names", "asession=A; session2=B; sessio=C; =D; session"],
    ["CK-7: our name in other letters", "Session=A; SESSION=B"],
    ["CK-7: the prefixed name", "__Host-session=A; __Secure-session=B"],
  ])("gives nothing for %s", (_what, header) => {
    expect(cookieValues(header)).toEqual([]);
  });

  it("CK-7: over https only the name with its prefix counts, letter for letter", async () => {
    const cookie = await https();
    const planted = "session=A; __host-session=B; __HOST-session=C; __Secure-session=D";
    expect(cookie.cookieValues(planted)).toEqual([]);
    expect(cookie.cookieValues(`${planted}; __Host-session=E`)).toEqual(["E"]);
  });

  it("keeps a value's own equals signs", () => {
    expect(cookieValues("session=a=b==")).toEqual(["a=b=="]);
  });
});

describe("openCookies", () => {
  const seal = (token: ReturnType<typeof newToken>) => sealToken(token, new Date());

  it("opens what was sealed", async () => {
    const token = newToken();
    expect(await openCookies(`session=${await seal(token)}`)).toEqual([token]);
  });

  it("CK-9: a leftover of the same name hides nothing, in either order", async () => {
    const token = newToken();
    const good = await seal(token);
    for (const leftover of ["", "old", "Fe26.2*1*a*b*c*d*e*f~2"]) {
      expect(await openCookies(`session=${leftover}; session=${good}`)).toEqual([token]);
      expect(await openCookies(`session=${good}; session=${leftover}`)).toEqual([token]);
    }
  });

  it("CK-9: of two good ones both are given", async () => {
    const [one, other] = [newToken(), newToken()];
    const header = `session=${await seal(one)}; session=${await seal(other)}`;
    expect(await openCookies(header)).toEqual([one, other]);
  });

  it("CK-9: no number of dead ones hides a good one", async () => {
    const token = newToken();
    const [good, other] = [await seal(token), await seal(newToken())];
    // As many as fit into 16 KiB beside it.
    const dead = Array.from({ length: 38 }, (_, n) => `session=${forged(other, n)}`);
    expect(await openCookies(`${dead.join("; ")}; session=${good}`)).toEqual([token]);
  });

  it("SID-6: a forged seal costs one derivation, and only where it names a key of ours", async () => {
    const good = await seal(newToken());
    const header = (make: (n: number) => string) =>
      Array.from({ length: 50 }, (_, n) => `session=${make(n)}`).join("; ");
    expect(await derivationsFor(header((n) => forged(good, n)))).toBe(50);
    expect(await derivationsFor(header(() => forged(good, 0)))).toBe(1);
    expect(await derivationsFor(header((n) => forged(good, n).replace(/(?<=\*)\d+/, "26")))).toBe(
      0,
    );
    const short = good.replace(/[0-9a-f]{64}/g, "");
    expect(await derivationsFor(header((n) => forged(short, n)))).toBe(0);
  });

  it("SID-6: what is longer than a seal of ours is not opened", async () => {
    const padded = `${await seal(newToken())}${"2".repeat(1024)}`;
    // iron-session ignores what stands behind the seal: without the cap this would open.
    expect(await openCookies(`session=${padded}`)).toEqual([]);
  });

  it.each([
    ["nothing", ""],
    ["one letter", "x"],
    ["1 KB", "x".repeat(1024)],
    ["4 KB", randomBytes(2048).toString("hex")],
    ["16 KB", randomBytes(8192).toString("hex")],
    ["a NUL", "a\0b"],
    ["UTF-8", "séssion-😀-\u202e"],
    ["SQL", "' OR 1=1;--"],
    ["JSON", '{"id":1}'],
    ["a wrong prefix", "Fe99.2*1*a*b*c*d*e*f~2"],
    ["an end that is no number", "Fe26.2*1*a*b*c*soon*e*f~2"],
    ["a number of a key that every object has", "Fe26.2*constructor*a*b*c**e*f~2"],
    ["__proto__ for the key", "Fe26.2*__proto__*a*b*c**e*f~2"],
    ["percent signs", "%E0%A4%A"],
  ])("SID-6: %s opens nothing and throws nothing", async (_what, value) => {
    expect(await openCookies(`session=${value}`)).toEqual([]);
  });

  it("SID-6: any letter of a seal that was changed makes it worthless", async () => {
    const good = await seal(newToken());
    const body = good.slice(0, good.indexOf("~"));
    for (let place = 0; place < body.length; place += 7) {
      // The highest bit: the lowest of a part's last letter may stand for nothing.
      const other = LETTERS[(LETTERS.indexOf(body[place] ?? "") + 32) % 64];
      const changed = `${body.slice(0, place)}${other}${body.slice(place + 1)}~2`;
      expect(await openCookies(`session=${changed}`), `letter ${place}`).toEqual([]);
    }
  });

  it("gives the same token a second time, from memory", async () => {
    const token = newToken();
    const header = `session=${await seal(token)}`;
    const [first] = await openCookies(header);
    const [second] = await openCookies(header);
    expect(second).toBe(first);
  });
});

/** The same seal but for its signature, as whoever has held a cookie of ours can make it. */
function forged(seal: string, n: number): string {
  return `${seal.slice(0, -10)}${String(n).padStart(8, "0")}~2`;
}

/** How many keys are derived to look at that header. */
async function derivationsFor(header: string): Promise<number> {
  const derive = vi.spyOn(crypto.subtle, "deriveKey");
  try {
    await openCookies(header);
    return derive.mock.calls.length;
  } finally {
    derive.mockRestore();
  }
}

describe("clearingLines", () => {
  const places = (lines: readonly string[]) =>
    lines.map((line) => [
      /; Path=([^;]*)/.exec(line)?.[1],
      /; Domain=([^;]*)/.exec(line)?.[1] ?? "",
    ]);

  it("CK-10: reach every parent path, for every parent domain and for none", async () => {
    const cookie = await https({ SESSION_COOKIE_DOMAIN: "example.com" });
    const paths = ["/", "/admin", "/admin/", "/admin/users", "/admin/users/", "/admin/users/7"];
    const domains = ["", "app.example.com", "example.com"];
    const lines = cookie.clearingLines(["/admin/users/7?tab=1#top"]);
    expect(places(lines)).toEqual(paths.flatMap((path) => domains.map((domain) => [path, domain])));
    for (const line of lines) {
      expect(line).toMatch(/^__Secure-session=;/);
      expect(line).toMatch(/; Max-Age=0; Secure; HttpOnly; SameSite=lax$/);
    }
  });

  it("CK-10: of several paths, each place once", () => {
    const lines = clearingLines(["/dashboard", "/session/ended", "/sign-in", "/dashboard"]);
    const paths = ["/", "/dashboard", "/session", "/session/", "/session/ended", "/sign-in"];
    expect(places(lines)).toEqual(paths.map((path) => [path, ""]));
  });

  it("CK-10: one line is all that __Host- leaves room for", async () => {
    const { clearingLines: lines } = await https();
    expect(places(lines(["/admin/users"]))).toEqual([["/", ""]]);
  });

  it.each(["/a;b=c/d", "/a,b=c/d", "/a?b=c", "/a#b"])(
    "CK-10: %s begins no other cookie and no other attribute",
    (path) => {
      expect(places(clearingLines([path]))).toEqual([
        ["/", ""],
        ["/a", ""],
      ]);
    },
  );
});
