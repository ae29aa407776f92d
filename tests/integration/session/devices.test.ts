import { describe, expect, it } from "vitest";
import { eraseUser, exportUser } from "@/lib/auth/personal-data";
import { db } from "@/lib/db/connection";
import { noteDevice, withDevices } from "@/lib/session/devices";
import { endSessionById } from "@/lib/session/end";
import { findSessionDetails } from "@/lib/session/history";
import { deleteEnded } from "@/lib/session/purge";
import { DEVICE, rowOf, signedIn } from "../../support/signed-in";
import { idBytes, number, rows } from "../../support/sql";

const THIEF = { ipAddress: "198.51.100.9", userAgent: "Other/2.0" };
const later = (time: Date, seconds: number) => new Date(time.getTime() + seconds * 1000);
const countOf = (id: string) =>
  number("SELECT COUNT(*) FROM session_devices WHERE session_id = ?", [idBytes(id)]);
const addressesOf = async (id: string) =>
  (
    await rows(
      "SELECT ip_address FROM session_devices WHERE session_id = ? ORDER BY first_seen_at",
      [idBytes(id)],
    )
  ).map(({ ip_address }) => ip_address);

describe("noteDevice", () => {
  it("TE-14: keeps the new pair beside the one before, and the row shows the new one", async () => {
    const { session } = await signedIn();
    const now = later(session.createdAt, 5);
    expect(await noteDevice(session, THIEF, now)).toBe(true);
    const pairs = await rows(
      "SELECT ip_address, user_agent, first_seen_at FROM session_devices WHERE session_id = ? ORDER BY first_seen_at",
      [idBytes(session.id)],
    );
    expect(pairs).toEqual([
      {
        ip_address: DEVICE.ipAddress,
        user_agent: DEVICE.userAgent,
        first_seen_at: session.createdAt,
      },
      { ip_address: THIEF.ipAddress, user_agent: THIEF.userAgent, first_seen_at: now },
    ]);
    expect(await rowOf(session.id)).toMatchObject({
      ip_address: THIEF.ipAddress,
      user_agent: THIEF.userAgent,
      last_activity_at: session.lastActivityAt,
      expires_at: session.expiresAt,
    });
  });

  it("TE-14: of 20 at once, as of two instances, one writes it", async () => {
    const { session } = await signedIn();
    const all = Array.from({ length: 20 }, () => noteDevice(session, THIEF, new Date()));
    expect((await Promise.all(all)).filter(Boolean)).toHaveLength(1);
    expect(await countOf(session.id)).toBe(2);
  });

  it("TE-14: an address of the same /64 is the same network, that of another is not", async () => {
    const { session } = await signedIn();
    const at = (ipAddress: string) => noteDevice(session, { ...THIEF, ipAddress }, new Date());
    expect(await at("2001:db8:1:2::1")).toBe(true);
    expect(await at("2001:db8:1:2::ffff")).toBe(false);
    expect(await at("2001:db8:1:3::1")).toBe(true);
  });

  it("TE-14: the owner's next request does not erase the thief's pair", async () => {
    const { session, user } = await signedIn();
    await noteDevice(session, THIEF, new Date());
    const shown = { ...session, ...THIEF };
    expect(await noteDevice(shown, DEVICE, new Date())).toBe(false);
    expect((await exportUser(user.id, new Date()))?.sessions[0]?.alsoFrom).toMatchObject([DEVICE]);
    const [asOwner] = await withDevices([session]);
    expect(asOwner?.alsoFrom).toMatchObject([THIEF]);
  });

  it("TE-14: keeps 20 pairs, and those seen first go", async () => {
    const { session } = await signedIn();
    for (let n = 1; n <= 25; n += 1)
      await noteDevice(
        session,
        { ...THIEF, ipAddress: `198.51.100.${n}` },
        later(session.createdAt, n),
      );
    const kept = Array.from({ length: 20 }, (_, n) => `198.51.100.${n + 6}`);
    expect(await addressesOf(session.id)).toEqual(kept);
  });

  it("TE-11: what has ended keeps the address that it had", async () => {
    const { session } = await signedIn();
    await endSessionById({ id: session.id, reason: "signed_out" }, new Date());
    await noteDevice(session, THIEF, new Date());
    expect(await rowOf(session.id)).toMatchObject({ ip_address: DEVICE.ipAddress });
  });

  it("TE-14: a session whole tells where else it was used", async () => {
    const { session } = await signedIn();
    await noteDevice(session, THIEF, new Date());
    expect((await findSessionDetails(session.id, new Date()))?.session.alsoFrom).toMatchObject([
      DEVICE,
    ]);
  });

  it("LG-5: pairs go with their session: erased, or purged", async () => {
    const [one, two] = [await signedIn(), await signedIn()];
    for (const { session } of [one, two]) await noteDevice(session, THIEF, new Date());
    await eraseUser(one.user.id, new Date());
    await endSessionById({ id: two.session.id, reason: "signed_out" }, new Date(0));
    await deleteEnded(db(), [two.session.id], new Date());
    expect([await countOf(one.session.id), await countOf(two.session.id)]).toEqual([0, 0]);
  });
});
