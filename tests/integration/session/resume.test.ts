import { describe, expect, it } from "vitest";
import { openSeal, sealToken, type Token } from "@/lib/session/cookie";
import { resumeSession } from "@/lib/session/resume";
import { newSecret, newSessionId } from "@/lib/session/token";
import { rowOf, setColumn, signedIn } from "../../support/signed-in";
import { change, idBytes, number } from "../../support/sql";

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;

const stateAt = async (token: Token, now = new Date()) => (await resumeSession(token, now)).state;
const reasonAt = async (token: Token, now = new Date()) => {
  const resumed = await resumeSession(token, now);
  return resumed.state === "over" ? resumed.reason : resumed.state;
};
const later = (time: Date, ms: number) => new Date(time.getTime() + ms);

describe("ids that nobody was given", () => {
  it("SID-3: a made-up id is unknown and gets no row", async () => {
    const { token } = await signedIn();
    const before = await number("SELECT COUNT(*) FROM sessions");
    const made = { ...token, sessionId: newSessionId(new Date()) };
    expect(await resumeSession(made, new Date())).toEqual({ state: "unknown" });
    const seal = await openSeal(await sealToken(made, new Date()));
    expect(seal && (await resumeSession(seal, new Date()))).toEqual({ state: "unknown" });
    expect(await number("SELECT COUNT(*) FROM sessions")).toBe(before);
    expect(await rowOf(made.sessionId)).toBeUndefined();
  });

  it.each(["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"])(
    "SID-3: %s opens nothing",
    async (sessionId) => {
      const { token } = await signedIn();
      expect(await stateAt({ ...token, sessionId })).toBe("unknown");
    },
  );

  it("SID-5: a real id with a made-up secret is rejected", async () => {
    const { token } = await signedIn();
    expect(await stateAt({ ...token, secret: newSecret() })).toBe("rejected");
    expect(await stateAt({ ...token, secret: "" })).toBe("rejected");
  });

  it("SID-5: one session's secret opens no other session", async () => {
    const [one, other] = [await signedIn(), await signedIn()];
    expect(await stateAt({ ...one.token, secret: other.token.secret })).toBe("rejected");
  });
});

describe("what a leaked table holds", () => {
  it("SID-2: no value of any column resumes, as it is or decoded, sealed by us", async () => {
    const { token } = await signedIn();
    const row = await rowOf(token.sessionId);
    const values = Object.values(row ?? {}).filter((value) => value !== null);
    const texts = values.flatMap((value) =>
      Buffer.isBuffer(value)
        ? (["hex", "base64", "base64url", "latin1", "utf8"] as const).map((each) =>
            value.toString(each),
          )
        : [String(value), JSON.stringify(value)],
    );
    expect(texts.length).toBeGreaterThan(20);
    for (const secret of texts) {
      const seal = await sealToken({ ...token, secret }, new Date());
      const opened = await openSeal(seal);
      expect(opened && (await stateAt(opened)), secret).toBe("rejected");
      expect(await openSeal(secret), secret).toBeNull();
    }
    expect(await stateAt(token)).toBe("live");
  });
});

describe("time limits", () => {
  it("TO-1: idle for longer than the limit, by the row: refused, and not revived", async () => {
    const { token, session } = await signedIn();
    await setColumn(session.id, "last_activity_at", later(new Date(), -15 * DAY_MS));
    expect(await reasonAt(token)).toBe("idle");
    expect(await reasonAt(token)).toBe("idle");
  });

  it("TO-1: the row's own end counts", async () => {
    const { token, session } = await signedIn();
    await setColumn(session.id, "expires_at", later(new Date(), -1));
    expect(await reasonAt(token)).toBe("idle");
  });

  it("TO-2: past the absolute limit from sign-in it is over, however active", async () => {
    const { token, session } = await signedIn();
    await setColumn(session.id, "created_at", later(new Date(), -91 * DAY_MS));
    await setColumn(session.id, "last_activity_at", new Date());
    expect(await reasonAt(token)).toBe("absolute");
  });

  it("TO-4: the idle border, to the millisecond", async () => {
    const { token, session } = await signedIn();
    const border = session.expiresAt;
    expect(await stateAt(token, later(border, -1))).toBe("live");
    expect(await reasonAt(token, border)).toBe("idle");
    expect(await reasonAt(token, later(border, 1))).toBe("idle");
  });

  it("TO-4: the absolute border, to the millisecond", async () => {
    const { token, session } = await signedIn();
    const border = session.absoluteExpiresAt;
    await setColumn(session.id, "last_activity_at", later(border, -MINUTE_MS));
    await setColumn(session.id, "expires_at", border);
    expect(await stateAt(token, later(border, -1))).toBe("live");
    expect(await reasonAt(token, border)).toBe("absolute");
  });

  it("TO-6: the token's end, the seal's and the row's are one", async () => {
    const { token, session } = await signedIn({ persistent: false });
    const row = await rowOf(session.id);
    expect(token.absoluteExpiresAt).toEqual(row?.absolute_expires_at);
    const opened = await openSeal(await sealToken(token, new Date()));
    const distance = session.absoluteExpiresAt.getTime() - Number(opened?.absoluteExpiresAt);
    // The seal counts whole seconds, and is never good for longer than the row.
    expect(distance).toBeGreaterThanOrEqual(0);
    expect(distance).toBeLessThan(1000);
  });

  it("TO-10: an administrator's session ends after 30 idle minutes and 12 hours", async () => {
    const { token, session } = await signedIn({ role: "admin" });
    expect(session.expiresAt).toEqual(later(session.createdAt, 30 * MINUTE_MS));
    expect(session.absoluteExpiresAt).toEqual(later(session.createdAt, 720 * MINUTE_MS));
    expect(await reasonAt(token, session.expiresAt)).toBe("idle");
  });
});

describe("the row decides", () => {
  it("SID-8: without its row a good token is worth nothing", async () => {
    const { token } = await signedIn();
    await change("DELETE FROM sessions WHERE id = ?", [idBytes(token.sessionId)]);
    expect(await stateAt(token)).toBe("unknown");
  });

  it("TE-6: a disabled user's session is over at once", async () => {
    const { token, user } = await signedIn();
    await change("UPDATE users SET status = 'disabled' WHERE id = ?", [user.id]);
    expect(await reasonAt(token)).toBe("user_disabled");
  });

  it("TE-6: with a deleted user the sessions go", async () => {
    const { token, user } = await signedIn();
    await change("DELETE FROM users WHERE id = ?", [user.id]);
    expect(await stateAt(token)).toBe("unknown");
    expect(await rowOf(token.sessionId)).toBeUndefined();
  });

  it("AZ-2: a new role counts with the next question, and so do its limits", async () => {
    const { token, user, session } = await signedIn();
    await change("UPDATE users SET role = 'admin' WHERE id = ?", [user.id]);
    const resumed = await resumeSession(token, new Date());
    expect(resumed).toMatchObject({ state: "live", user: { role: "admin" } });
    expect(await reasonAt(token, later(session.createdAt, 30 * MINUTE_MS))).toBe("idle");
  });

  it("AZ-5: neither the session nor the user carries a hash", async () => {
    const { token } = await signedIn();
    const text = JSON.stringify(await resumeSession(token, new Date()));
    expect(text).not.toMatch(/hash|secret|gatehouse1/i);
  });

  it("asking changes nothing in the row", async () => {
    const { token } = await signedIn();
    const before = await rowOf(token.sessionId);
    await resumeSession(token, new Date());
    await resumeSession(token, later(new Date(), 400 * DAY_MS));
    await resumeSession({ ...token, secret: "x" }, new Date());
    expect(await rowOf(token.sessionId)).toEqual(before);
  });
});
