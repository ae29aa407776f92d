import { describe, expect, it } from "vitest";
import { giveApp } from "../../support/factors";
import { manage } from "../../support/manage";
import { aUser } from "../../support/signed-in";
import { rows } from "../../support/sql";

const DAY_MS = 86_400_000;

async function withApp() {
  const user = await aUser();
  await giveApp(user);
  return user;
}

describe("users factors", () => {
  it("says what an account has, and nothing of its secrets", async () => {
    const user = await withApp();
    const { code, json, out } = await manage(["users", "factors", user.username, "--json"]);
    expect(code).toBe(0);
    expect(json()).toEqual({
      user: user.username,
      totpSince: expect.any(String),
      passkeys: 0,
      recoveryCodes: 10,
      resetAt: null,
    });
    expect(out).not.toMatch(/secret/i);
  });
});

describe("users reset-factors", () => {
  it("MF-26: takes effect in 24 hours, and exits with 0", async () => {
    const user = await withApp();
    const before = Date.now();
    const ended = await manage(["users", "reset-factors", user.username]);
    expect(ended).toMatchObject({ code: 0, err: "" });
    const [row] = await rows("SELECT * FROM users WHERE id = ?", [user.id]);
    const at: unknown = row?.factors_reset_at;
    expect(at instanceof Date && at.getTime() - before).toBeGreaterThanOrEqual(DAY_MS - 1000);
    expect(row?.factors_changed_at).not.toBeNull();
  });

  it("MF-26: with --now they are gone at once", async () => {
    const user = await withApp();
    expect((await manage(["users", "reset-factors", user.username, "--now"])).code).toBe(0);
    const [row] = await rows("SELECT * FROM users WHERE id = ?", [user.id]);
    expect(row).toMatchObject({ factors_changed_at: null, factors_reset_at: null });
    const again = await manage(["users", "reset-factors", user.username, "--now"]);
    expect(again.code).not.toBe(0);
    expect(again.err).toContain("has no second factor");
  });
});
