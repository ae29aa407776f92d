import { expect } from "vitest";
import { DELETE, GET } from "@/app/api/session/route";
import { withSession } from "@/lib/request/handler";
import { updateSessionData } from "@/lib/request/session-data";
import { sealToken, sessionCookieName } from "@/lib/session/cookie";
import { endSessionById } from "@/lib/session/end";
import { responseOf } from "@/tests/helpers/next-request";
import { PASSWORD } from "@/tests/helpers/people";
import { rowOf, type SignedIn, signedIn } from "../../../support/signed-in";
import { underSettings } from "../../../support/under-settings";
import type { Row } from "./row";

const cookieOf = async ({ token }: SignedIn) =>
  `${sessionCookieName()}=${await sealToken(token, new Date())}`;
const dataIn = async ({ session }: SignedIn) => (await rowOf(session.id))?.data;

/** A handler that sets a key of the session and answers with this status. */
const writing = (status: number) =>
  withSession(async () => {
    await updateSessionData({ hello: "world" });
    return new Response(null, { status });
  });

/** What a session under these settings is given, and how it is taken back. */
async function setAndCleared(settings: Record<string, string>) {
  const { route, cookie, ask } = await underSettings(settings, async () => ({
    route: await import("@/app/api/session/route"),
    cookie: await import("@/lib/session/cookie"),
    ask: (await import("@/tests/helpers/next-request")).responseOf,
  }));
  const it = await signedIn();
  const given = await ask(route.POST, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ identifier: it.user.username, password: PASSWORD }),
  });
  const brought = `${cookie.sessionCookieName()}=${await cookie.sealToken(it.token, new Date())}`;
  const taken = await ask(route.DELETE, { method: "DELETE", cookie: brought });
  // The other one knows the browser again, and is none of Django's.
  const isSession = (line: string) => line.startsWith(`${cookie.sessionCookieName()}=`);
  return { given: given.setCookies.filter(isSession), taken: taken.setCookies };
}

const HTTPS = { APP_URL: "https://app.example.com" };

/** The middleware's tests: cookies and answers. */
export const REQUEST_ROWS: readonly Row[] = [
  [
    "secure_session_cookie",
    "Secure over https, and only there",
    async () => {
      expect((await setAndCleared(HTTPS)).given).toEqual([expect.stringMatching(/; Secure/i)]);
      expect((await setAndCleared({})).given).toEqual([expect.not.stringMatching(/; Secure/i)]);
    },
  ],
  [
    "httponly_session_cookie",
    "always HttpOnly",
    async () => {
      for (const settings of [HTTPS, {}])
        expect((await setAndCleared(settings)).given).toEqual([
          expect.stringMatching(/; HttpOnly/i),
        ]);
    },
  ],
  [
    "samesite_session_cookie",
    "SameSite as the setting says",
    async () => {
      const strict = await setAndCleared({ SESSION_COOKIE_SAMESITE: "strict" });
      expect(strict.given).toEqual([expect.stringMatching(/; SameSite=strict/i)]);
      expect((await setAndCleared({})).given).toEqual([expect.stringMatching(/; SameSite=lax/i)]);
    },
  ],
  [
    "session_save_on_500",
    "nothing is stored when the answer is 500, or the handler throws",
    async () => {
      const it = await signedIn();
      const cookie = await cookieOf(it);
      expect((await responseOf(writing(500), { cookie })).status).toBe(500);
      const failing = withSession(async () => {
        await updateSessionData({ hello: "world" });
        throw new Error("after it had written");
      });
      expect((await responseOf(failing, { cookie })).status).toBe(500);
      expect(await dataIn(it)).toEqual({});
    },
  ],
  [
    "session_save_on_5xx",
    "nothing is stored when the answer is any 5xx; what is below is stored",
    async () => {
      const it = await signedIn();
      const cookie = await cookieOf(it);
      for (const status of [501, 503, 599]) await responseOf(writing(status), { cookie });
      expect(await dataIn(it)).toEqual({});
      await responseOf(writing(404), { cookie });
      expect(await dataIn(it)).toEqual({ hello: "world" });
    },
  ],
  [
    "session_update_error_redirect",
    "ended while the handler ran: the answer is as ever, and nothing is stored",
    async () => {
      const it = await signedIn();
      const handler = withSession(async (_request, { session }) => {
        await endSessionById({ id: session.id, reason: "revoked" }, new Date());
        await updateSessionData({ hello: "world" });
        return new Response(null, { status: 204 });
      });
      const response = await responseOf(handler, { cookie: await cookieOf(it) });
      expect(response).toMatchObject({ status: 204, setCookies: [] });
      expect(await dataIn(it)).toEqual({});
      expect((await rowOf(it.session.id))?.end_reason).toBe("revoked");
    },
  ],
  [
    "session_delete_on_end",
    "the cookie is cleared with the attributes that it was set with",
    async () => {
      const { given, taken } = await setAndCleared(HTTPS);
      expect(taken).toEqual([expect.stringMatching(/^__Host-session=;.*Max-Age=0/)]);
      expect(attributesIn(taken)).toEqual(attributesIn(given));
    },
  ],
  [
    "session_delete_on_end_with_custom_domain_and_path",
    "the domain included; the path is always /",
    async () => {
      const { given, taken } = await setAndCleared({
        ...HTTPS,
        SESSION_COOKIE_DOMAIN: "example.com",
      });
      expect(taken).toEqual([expect.stringMatching(/^__Secure-session=;.*Domain=example\.com/)]);
      expect(taken).toEqual([expect.stringMatching(/Path=\/(;|$)/)]);
      expect(attributesIn(taken)).toEqual(attributesIn(given));
    },
  ],
  [
    "flush_empty_without_session_cookie_doesnt_set_cookie",
    "signing out without a cookie sets none",
    async () => {
      expect(await responseOf(DELETE, { method: "DELETE" })).toMatchObject({
        status: 204,
        setCookies: [],
      });
    },
  ],
  [
    "empty_session_saved",
    "emptied data is stored, the session goes on, and the cookie stays",
    async () => {
      const it = await signedIn();
      const cookie = await cookieOf(it);
      await responseOf(writing(204), { cookie });
      const emptying = withSession(async () => {
        await updateSessionData({ hello: undefined });
        return new Response(null, { status: 204 });
      });
      expect(await responseOf(emptying, { cookie })).toMatchObject({ status: 204, setCookies: [] });
      expect(await dataIn(it)).toEqual({});
      expect((await responseOf(GET, { cookie })).status).toBe(200);
    },
  ],
];

/** All but the value and how long it is kept. */
function attributesIn(setCookies: string[]): string[][] {
  return setCookies.map((cookie) =>
    cookie
      .replace(/=[^;]*/, "")
      .split("; ")
      .filter((part) => !/^(Max-Age|Expires)=/i.test(part))
      .sort(),
  );
}
