import { beforeAll, describe, expect, it } from "vitest";
import { allOf, previewPolicy } from "@/lib/jobs/policy-preview";
import { aUser, setColumn, signedIn } from "../../support/signed-in";
import { change, sumsOfAllTables } from "../../support/sql";

const HOUR_MS = 3_600_000;
const now = new Date("2031-05-06T12:00:00.000Z");
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * HOUR_MS);

// Members: one of now, one unused for 3 h, one unused for 20 days, two more of one user. Staff: one.
beforeAll(async () => {
  await change("DELETE FROM users");
  const member = await aUser();
  await signedIn({ user: member, now: hoursAgo(3) });
  await signedIn({ user: member, now });
  await signedIn({ user: member, now });
  await signedIn({ now: hoursAgo(13 * 24) });
  const disabled = await signedIn({ now });
  await change("UPDATE users SET status = 'disabled' WHERE id = ?", [disabled.user.id]);
  const over = await signedIn({ now });
  await setColumn(over.session.id, "expires_at", hoursAgo(1));
  await signedIn({ role: "staff", now: hoursAgo(0.25) });
});

const previewOf = async (...planned: Parameters<typeof previewPolicy>) => {
  const [member, staff, admin] = (await previewPolicy(...planned)).roles;
  return { member, staff, admin };
};

describe("TO-7: what other limits would do", () => {
  it("TO-7: the limits of today end nothing at once", async () => {
    expect(await previewOf({}, now)).toEqual({
      member: {
        role: "member",
        live: 4,
        atOnce: 0,
        withinDay: 1,
        withinDayNow: 1,
        aboveLimit: 0,
      },
      staff: { role: "staff", live: 1, atOnce: 0, withinDay: 1, withinDayNow: 1, aboveLimit: 0 },
      admin: { role: "admin", live: 0, atOnce: 0, withinDay: 0, withinDayNow: 0, aboveLimit: 0 },
    });
  });

  it("TO-7: a shorter idle timeout ends what was not used for as long", async () => {
    const { member, staff } = await previewOf({ SESSION_COOKIE_AGE: 2 * 3600 }, now);
    expect(member).toMatchObject({ atOnce: 2, withinDay: 4, withinDayNow: 1 });
    expect(staff).toMatchObject({ atOnce: 0, withinDay: 1 });
    const shortest = await previewOf({ SESSION_COOKIE_AGE: 600 }, now);
    expect(shortest.staff).toMatchObject({ atOnce: 1 });
  });

  it("TO-7: a shorter absolute timeout ends what began before", async () => {
    const { member } = await previewOf({ SESSION_ABSOLUTE_AGE: 3 * 3600 }, now);
    expect(member).toMatchObject({ atOnce: 2, withinDay: 4 });
    const border = await previewOf({ SESSION_ABSOLUTE_AGE: 3 * 3600 + 1 }, now);
    expect(border.member).toMatchObject({ atOnce: 1 });
  });

  it("RL-4: a limit per user counts those above it", async () => {
    const { member, staff } = await previewOf({ SESSION_LIMIT_PER_USER: 1 }, now);
    expect([member?.aboveLimit, staff?.aboveLimit]).toEqual([2, 0]);
    expect((await previewOf({ SESSION_LIMIT_PER_USER: 3 }, now)).member?.aboveLimit).toBe(0);
  });

  it("TO-7: looks at no more sessions than it is to, and says so", async () => {
    const { roles, isWhole } = await previewPolicy({}, now, 3);
    expect([allOf(roles).live, isWhole]).toEqual([3, false]);
    expect(await previewPolicy({}, now, 5)).toMatchObject({ isWhole: true });
  });

  it("TO-7: changes nothing", async () => {
    const before = await sumsOfAllTables();
    await previewPolicy({ SESSION_COOKIE_AGE: 1, SESSION_LIMIT_PER_USER: 1 }, now);
    expect(await sumsOfAllTables()).toEqual(before);
  });
});
