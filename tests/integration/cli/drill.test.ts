import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { dumpNewest, TABLE_NAMES } from "@/lib/db/inspect";
import { inTransaction } from "@/lib/db/transaction";
import { issueToken } from "@/lib/mail/one-time-tokens";
import { queueMail } from "@/lib/mail/outbox";
import { drillLeak } from "@/scripts/check/leak";
import { giveApp } from "../../support/factors";
import { type LeakyApp, leakyApp } from "../../support/leaky-app";
import { manage } from "../../support/manage";
import { rowOf, signedIn } from "../../support/signed-in";
import { change, sumsOfAllTables } from "../../support/sql";

const Report = z.strictObject({
  rows: z.number(),
  tried: z.number(),
  signedIn: z.record(z.string(), z.number()),
  unclear: z.number(),
});

const drill = (url: string, ...more: string[]) =>
  manage(["sessions", "drill", "leak", "--url", url, ...more]);

describe("sessions drill leak", () => {
  let leaky: LeakyApp;
  let tight: LeakyApp;

  beforeAll(async () => {
    [leaky, tight] = [await leakyApp(), await leakyApp({ isLeaky: false })];
    for (let n = 0; n < 3; n += 1) await signedIn();
  });
  afterAll(() => Promise.all([leaky.stop(), tight.stop()]));

  it("SID-2: exits with 1 for an app whose table holds what signs in, and tells which column", async () => {
    const { session } = await signedIn();
    const ended = await drill(leaky.origin, "--json");
    expect(ended.code).toBe(1);
    const { signedIn: found } = Report.parse(ended.json());
    expect(found).toEqual({ "sessions.secret_hash as hex": 4 });
    expect(ended.err).toContain("sessions.secret_hash as hex (4)");
    // What signs in is not printed: the report may be kept or sent.
    const hash: Buffer = (await rowOf(session.id))?.secret_hash;
    expect(ended.out + ended.err).not.toContain(hash.toString("hex"));
  });

  it("ML-5: exits with 1 for an app whose table holds the tokens of links, and tells which column", async () => {
    const { user } = await signedIn();
    const of = { purpose: "password_reset", userId: user.id, email: user.email } as const;
    await inTransaction((transaction) => issueToken(transaction, of, new Date()));
    try {
      const ended = await drill(leaky.origin, "--json");
      expect(ended.code).toBe(1);
      const { signedIn: found } = Report.parse(ended.json());
      // By chance a hash gives the same token in two ways: then the first of them is named.
      const how = /^one_time_tokens\.token_hash as (hex|base64url), as a link's token$/;
      expect(Object.keys(found)).toContainEqual(expect.stringMatching(how));
    } finally {
      await change("DELETE FROM one_time_tokens");
    }
  });

  it("SID-2: exits with 0 for an app that lets none of them in, and changes nothing", async () => {
    const before = await sumsOfAllTables();
    const ended = await drill(tight.origin, "--json");
    expect(ended).toMatchObject({ code: 0, err: "" });
    const { rows, tried, signedIn: found, unclear } = Report.parse(ended.json());
    expect([found, unclear]).toEqual([{}, 0]);
    expect(rows).toBeGreaterThan(8);
    expect(tried).toBeGreaterThan(rows * 5);
    expect(await sumsOfAllTables()).toEqual(before);
  });

  it("SID-2: --limit takes the newest rows of each table", async () => {
    await signedIn();
    const stop = new AbortController().signal;
    const options = { origin: leaky.origin, cookieNames: ["session"], stop };
    const report = await drillLeak(await dumpNewest(1), options);
    expect(report).toMatchObject({ rows: 3, signedIn: { "sessions.secret_hash as hex": 1 } });
  });

  it("SID-2: takes the rows of every table", async () => {
    const { session, user } = await signedIn();
    await change(
      "INSERT INTO session_devices (id, session_id, first_seen_at) SELECT UNHEX(SHA2('a', 256)), id, created_at FROM sessions WHERE id = UNHEX(?)",
      [session.id.replaceAll("-", "")],
    );
    await change("INSERT INTO try_hours VALUES ('2001-01-01', 1, 0, 0)");
    await giveApp(user);
    await change(
      "INSERT INTO passkeys (id, user_id, credential_hash, credential_id, public_key, counter, transports, backed_up, aaguid, name, created_at) VALUES (UNHEX(MD5('a')), ?, UNHEX(SHA2('a', 256)), 'a', 'a', 0, '[]', 0, '', '', NOW())",
      [user.id],
    );
    await change(
      "INSERT INTO trusted_browsers (id, user_id, secret_hash, created_at, expires_at) VALUES (UNHEX(MD5('a')), ?, UNHEX(SHA2('a', 256)), NOW(), NOW())",
      [user.id],
    );
    await change(
      "INSERT INTO identities (issuer, subject, user_id, created_at) VALUES ('drilled', '1', ?, NOW())",
      [user.id],
    );
    await change(
      "INSERT INTO adopted_sessions VALUES (UNHEX(SHA2('a', 256)), UNHEX(MD5('a')), ?, NOW(), NOW())",
      [user.id],
    );
    await change("INSERT INTO throttle (`key`, points, expire) VALUES ('drilled', 1, 1)");
    await inTransaction(async (transaction) => {
      const to = { userId: user.id, email: user.email };
      const token = await issueToken(transaction, { purpose: "password_reset", ...to }, new Date());
      const mail = {
        kind: "password_reset",
        userId: user.id,
        recipient: user.email,
        token,
      } as const;
      await queueMail(transaction, mail, new Date());
    });
    try {
      const dumped = new Set((await dumpNewest(1)).map(({ table }) => table));
      expect([...dumped].sort()).toEqual([...TABLE_NAMES].sort());
    } finally {
      const filled = ["session_devices", "try_hours", "throttle", "outbox", "one_time_tokens"];
      filled.push("totp_factors", "recovery_codes", "passkeys", "trusted_browsers");
      filled.push("identities", "adopted_sessions");
      for (const table of filled) await change(`DELETE FROM ${table}`);
    }
  });

  it("SID-2: proves nothing where nothing answers, or everybody is let in", async () => {
    const stop = new AbortController().signal;
    const options = { origin: "http://localhost:1", cookieNames: ["session"], stop };
    await expect(drillLeak([], options)).rejects.toThrow(/does not answer.*--url/);
    const open = await leakyApp({ opensTo: "nobody" });
    await expect(drillLeak([], { ...options, origin: open.origin })).rejects.toThrow(/with 200/);
    await open.stop();
  });
});
