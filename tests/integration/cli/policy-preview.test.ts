import { expect, it } from "vitest";
import { manage } from "../../support/manage";
import { signedIn } from "../../support/signed-in";
import { change, sumsOfAllTables } from "../../support/sql";

it("TO-7: sessions policy preview tells by role what would end, and changes nothing", async () => {
  await change("DELETE FROM users");
  await signedIn({ now: new Date(Date.now() - 7_200_000) });
  await signedIn({ role: "staff" });
  const before = await sumsOfAllTables();
  const words = ["sessions", "policy", "preview", "--idle", "3600"];
  const ended = await manage([...words, "--json"]);
  expect(ended).toMatchObject({ code: 0, err: "" });
  expect(ended.json()).toMatchObject({
    roles: [{ role: "member", live: 1, atOnce: 1 }, { role: "staff", live: 1, atOnce: 0 }, {}],
    all: { live: 2, atOnce: 1, withinDay: 2, aboveLimit: 0 },
  });
  expect((await manage(words)).out).toMatch(/^all +2 +1 +2 /m);
  expect(await sumsOfAllTables()).toEqual(before);
});
