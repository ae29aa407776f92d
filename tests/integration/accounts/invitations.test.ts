import { beforeEach, describe, expect, it } from "vitest";
import {
  acceptInvitation,
  inviteUser,
  sendResetLinkBy,
  userOfInvitation,
} from "@/lib/accounts/invitations";
import { setPassword } from "@/lib/auth/change-password";
import { proveByName } from "@/lib/auth/methods";
import { isRefused } from "@/lib/refused";
import { newDevice } from "../../support/devices";
import { given } from "../../support/given";
import { mailedTokenTo, mailsTo } from "../../support/mailbox";
import { aUser, byPassword, DEVICE, type SignedIn, signedIn } from "../../support/signed-in";
import { change, number, rows } from "../../support/sql";
import { underSettings } from "../../support/under-settings";

const FRESH = "an entirely new pass phrase";

let admin: SignedIn;
beforeEach(async () => {
  admin = await signedIn({ role: "admin" });
});

const by = () => ({ actor: admin, device: DEVICE });
const somebody = () => {
  const username = `i${crypto.randomUUID().slice(0, 12)}`;
  return { username, email: `${username}@example.com`, name: "Ina", role: "member" } as const;
};
const fits = async (identifier: string, password: string) => {
  const client = { device: newDevice(), known: null };
  const claim = { identifier, ...byPassword(password) };
  return !isRefused(await proveByName(claim, client, new Date()));
};
const outdated = () =>
  change(
    "UPDATE sessions SET authenticated_at = authenticated_at - INTERVAL 16 MINUTE WHERE user_id = ?",
    [admin.user.id],
  );

describe("an invitation", () => {
  it("RS-5: is mailed; who gets it chooses a password once, and signs in with it", async () => {
    const wanted = somebody();
    await given(inviteUser(wanted, by(), new Date()));
    const [mail] = await mailsTo(wanted.email);
    expect(mail).toMatchObject({ kind: "invitation", text: expect.stringContaining("Hello Ina") });
    for (const guess of ["!", "", FRESH]) expect(await fits(wanted.username, guess)).toBe(false);
    const token = await mailedTokenTo(wanted.email, "invitation");
    const weak = { token, newPassword: "short" };
    expect(await acceptInvitation(weak, DEVICE, new Date())).toMatchObject({
      refused: "unfit_password",
    });
    const accepted = { token, newPassword: FRESH };
    const tries = await Promise.all(
      Array.from({ length: 10 }, () => acceptInvitation(accepted, DEVICE, new Date())),
    );
    expect(tries.filter((each) => !isRefused(each))).toHaveLength(1);
    expect(await fits(wanted.username, FRESH)).toBe(true);
    const ofPerson = "SELECT COUNT(*) FROM sessions s JOIN users u ON u.id = s.user_id";
    expect(await number(`${ofPerson} WHERE u.username = ?`, [wanted.username])).toBe(0);
  });

  it("RS-1: ends after 24 hours, and with another password", async () => {
    const [one, two] = [somebody(), somebody()];
    for (const wanted of [one, two]) await given(inviteUser(wanted, by(), new Date()));
    const token = await mailedTokenTo(one.email, "invitation");
    const over = new Date(Date.now() + 86_401_000);
    expect(await userOfInvitation(token, over)).toBeNull();
    const late = await mailedTokenTo(two.email, "invitation");
    const user = await given(userOfInvitation(late, new Date()));
    await given(setPassword(user, "another pass phrase of theirs", new Date()));
    expect(await userOfInvitation(late, new Date())).toBeNull();
  });

  it("AU-8: is of nobody whose name or address is taken", async () => {
    const eve = await aUser();
    const taken = { ...somebody(), email: eve.email };
    expect(await inviteUser(taken, by(), new Date())).toMatchObject({
      refused: "duplicate_user",
      fields: ["email"],
    });
    expect(await mailsTo(eve.email)).toEqual([]);
  });

  it("TE-13: is nobody's without a fresh proof", async () => {
    await outdated();
    const wanted = somebody();
    await expect(inviteUser(wanted, by(), new Date())).rejects.toMatchObject({
      name: "AuthorityLost",
    });
    expect(await rows("SELECT id FROM users WHERE username = ?", [wanted.username])).toEqual([]);
  });

  it("RS-5: where no mail leaves, its link is handed over, and nothing is queued", async () => {
    const settings = { APP_URL: "https://app.example.com", HOST: "0.0.0.0" };
    const at = await underSettings(settings, () => import("@/lib/accounts/invitations"));
    const wanted = somebody();
    const made = await at.inviteUser(wanted, by(), new Date());
    if (isRefused(made)) throw new Error(made.refused);
    expect(await userOfInvitation(made.token ?? "", new Date())).toMatchObject({
      username: wanted.username,
    });
    expect(await mailsTo(wanted.email)).toEqual([]);
  });
});

describe("a link that an administrator sends", () => {
  it("RS-5: goes to the stored address; who sends it learns nothing, and the log says who did", async () => {
    const ana = await aUser();
    expect(await sendResetLinkBy(ana.id, by(), new Date())).toBeNull();
    expect(await mailsTo(ana.email)).toMatchObject([{ kind: "password_reset" }]);
    const [event] = await rows(
      "SELECT * FROM events WHERE type = 'password_reset_requested' AND user_id = ?",
      [ana.id],
    );
    expect(event).toMatchObject({ actor_id: admin.user.id });
  });

  it("RS-5: goes to nobody who is disabled or has not confirmed their address", async () => {
    const [ana, eve] = [await aUser(), await aUser()];
    await change("UPDATE users SET status = 'disabled' WHERE id = ?", [ana.id]);
    await change("UPDATE users SET email_verified_at = NULL WHERE id = ?", [eve.id]);
    expect(await sendResetLinkBy(ana.id, by(), new Date())).toMatchObject({ because: "disabled" });
    expect(await sendResetLinkBy(eve.id, by(), new Date())).toMatchObject({
      because: "unverified",
    });
    expect([...(await mailsTo(ana.email)), ...(await mailsTo(eve.email))]).toEqual([]);
  });

  it("TE-13: goes to nobody without a fresh proof", async () => {
    const ana = await aUser();
    await outdated();
    await expect(sendResetLinkBy(ana.id, by(), new Date())).rejects.toMatchObject({
      name: "AuthorityLost",
    });
    expect(await mailsTo(ana.email)).toEqual([]);
  });
});
