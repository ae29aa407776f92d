import { expect } from "vitest";
import { cookieMaxAge, openSeal, sealToken, type Token } from "@/lib/session/cookie";
import { endSessionById } from "@/lib/session/end";
import { resumeSession } from "@/lib/session/resume";
import { searchLive } from "@/lib/session/search";
import { newSessionId } from "@/lib/session/token";
import { writeSessionData } from "@/lib/session/write";
import { statementsDuring } from "../../../support/asked-statements";
import { given } from "../../../support/given";
import { manage } from "../../../support/manage";
import { DEVICE, METHODS, rowOf, setColumn, signedIn } from "../../../support/signed-in";
import { number } from "../../../support/sql";
import { underSettings } from "../../../support/under-settings";
import type { Row } from "./row";

const DAY_MS = 86_400_000;
const later = (time: Date, ms: number) => new Date(time.getTime() + ms);
const stateOf = async (token: Token, now = new Date()) => (await resumeSession(token, now)).state;

/** Sealed and opened again: null where it is not one that a cookie may hold. */
const throughCookie = async (token: Token) => openSeal(await sealToken(token, new Date()));

/** Keys, rows and times. */
export const ROW_ROWS: readonly Row[] = [
  [
    "save",
    "starting a session makes its row",
    async () => {
      const before = await number("SELECT COUNT(*) FROM sessions");
      const { session, token } = await signedIn();
      expect(await number("SELECT COUNT(*) FROM sessions")).toBe(before + 1);
      expect((await rowOf(session.id))?.secret_hash).toHaveLength(32);
      expect(await stateOf(token)).toBe("live");
    },
  ],
  [
    "delete",
    "an ended session is over, and no other",
    async () => {
      const [it, other] = [await signedIn(), await signedIn()];
      await endSessionById({ id: it.session.id, reason: "signed_out" }, new Date());
      expect([await stateOf(it.token), await stateOf(other.token)]).toEqual(["over", "live"]);
    },
  ],
  [
    "invalid_key",
    "a made-up key is not adopted",
    async () => {
      const { token } = await signedIn();
      const made = { ...token, sessionId: newSessionId(new Date()) };
      expect(await stateOf(made)).toBe("unknown");
      expect(await stateOf({ ...token, secret: "made up" })).toBe("rejected");
      expect((await signedIn()).session.id).not.toBe(made.sessionId);
    },
  ],
  [
    "session_key_empty_string_invalid",
    "an empty key opens nothing",
    async () => {
      const { token } = await signedIn();
      expect(await throughCookie({ ...token, sessionId: "" })).toBeNull();
      expect(await stateOf({ ...token, secret: "" })).toBe("rejected");
      expect(await openSeal("")).toBeNull();
    },
  ],
  [
    "session_key_too_short_invalid",
    "a part of a key opens nothing",
    async () => {
      const { token } = await signedIn();
      const part = token.sessionId.slice(0, 8);
      expect(await throughCookie({ ...token, sessionId: part })).toBeNull();
      expect(await stateOf({ ...token, secret: token.secret.slice(0, 8) })).toBe("rejected");
    },
  ],
  [
    "session_key_valid_string_saved",
    "a good key is kept as it is",
    async () => {
      const { token } = await signedIn();
      expect(await throughCookie(token)).toMatchObject({
        sessionId: token.sessionId,
        secret: token.secret,
      });
    },
  ],
  [
    "session_key_is_read_only",
    "nobody sets a key from outside: not by signing in with one, not by data",
    async () => {
      const { session, token } = await signedIn();
      const wanted = newSessionId(new Date());
      expect((await signedIn({ replaced: [wanted] })).session.id).not.toBe(wanted);
      await writeSessionData(session.id, { id: wanted, secret_hash: "00", secretHash: "00" });
      expect(await resumeSession(token, new Date())).toMatchObject({ session: { id: session.id } });
      expect(await rowOf(wanted)).toBeUndefined();
    },
  ],
  [
    "default_expiry",
    "SESSION_COOKIE_AGE after the last use",
    async () => {
      const { session } = await signedIn();
      expect(session.expiresAt).toEqual(later(session.createdAt, 14 * DAY_MS));
    },
  ],
  [
    "custom_expiry_seconds",
    "another age by the setting: age and end agree",
    async () => {
      const load = () => import("@/lib/session/lifecycle");
      const { startSession } = await underSettings({ SESSION_COOKIE_AGE: "10" }, load);
      const { user } = await signedIn();
      const signIn = { user, methods: METHODS, persistent: true, device: DEVICE, replaced: [] };
      const { session } = await given(startSession(signIn, new Date()));
      expect(session.expiresAt).toEqual(later(session.createdAt, 10_000));
      expect((await rowOf(session.id))?.expires_at).toEqual(session.expiresAt);
    },
  ],
  [
    "get_expire_at_browser_close",
    "without Stay signed in, and by the setting, the cookie goes with the browser",
    async () => {
      const now = new Date();
      const [stays, goes] = [await signedIn({ persistent: true }), await signedIn()];
      expect(cookieMaxAge(stays.session, now)).toBeGreaterThan(0);
      expect(cookieMaxAge(goes.session, now)).toBeUndefined();
      const load = () => import("@/lib/session/cookie");
      const closing = await underSettings({ SESSION_EXPIRE_AT_BROWSER_CLOSE: "true" }, load);
      expect(closing.cookieMaxAge(stays.session, now)).toBeUndefined();
    },
  ],
  [
    "actual_expiry",
    "a session whose end is past is over, though its row is there",
    async () => {
      const { session, token } = await signedIn();
      await setColumn(session.id, "expires_at", later(new Date(), -1));
      expect(await stateOf(token)).toBe("over");
      expect(await rowOf(session.id)).toBeDefined();
    },
  ],
  [
    "session_load_does_not_create_record",
    "an unknown key makes no row, and is not used again",
    async () => {
      const { token, user } = await signedIn();
      const unknown = newSessionId(new Date());
      const before = await number("SELECT COUNT(*) FROM sessions");
      expect(await stateOf({ ...token, sessionId: unknown })).toBe("unknown");
      expect(await number("SELECT COUNT(*) FROM sessions")).toBe(before);
      const next = await signedIn({ user, replaced: [unknown] });
      expect(next.session.id).not.toBe(unknown);
    },
  ],
  [
    "session_str",
    "a list names a session by its public handle, never by what signs in",
    async () => {
      const { session, token, user } = await signedIn();
      const listed = await searchLive({ userId: user.id }, { limit: 1 }, new Date());
      expect(listed.sessions[0]?.session.id).toBe(session.id);
      expect(JSON.stringify(listed)).not.toContain(token.secret);
    },
  ],
  [
    "clearsessions_command",
    "removes what ended long ago and no other, and notes what ran out",
    async () => {
      const [live, ranOut, old] = [await signedIn(), await signedIn(), await signedIn()];
      await setColumn(ranOut.session.id, "expires_at", later(new Date(), -1000));
      const longAgo = later(new Date(), -31 * DAY_MS);
      await endSessionById({ id: old.session.id, reason: "signed_out" }, longAgo);
      expect(await manage(["sessions", "purge"])).toMatchObject({ code: 0 });
      expect(await stateOf(live.token)).toBe("live");
      expect((await rowOf(ranOut.session.id))?.end_reason).toBe("idle");
      expect(await rowOf(old.session.id)).toBeUndefined();
    },
  ],
  [
    "extra_session_field",
    "the row says whose it is, by a column of its own",
    async () => {
      const { session, user } = await signedIn();
      expect((await rowOf(session.id))?.user_id).toBe(user.id);
    },
  ],
  [
    "load_overlong_key",
    "an overlong key is a miss: no error, and nothing is asked of the database",
    async () => {
      const { token } = await signedIn();
      const asked = await statementsDuring(async () => {
        expect(await openSeal("x".repeat(10_000))).toBeNull();
        expect(await throughCookie({ ...token, sessionId: "1".repeat(200) })).toBeNull();
      });
      expect(asked).toEqual([]);
    },
  ],
];
