import { beforeAll, describe, expect, test } from "vitest";
import { newUser } from "@/tests/helpers/people";
import { FROM_HERE, postJson } from "@/tests/support/asking";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";
import { rows } from "@/tests/support/sql";

let apps: SharedApp[];

beforeAll(async () => {
  apps = [
    await sharedApp(),
    await sharedApp({ TRUST_PROXY: "1" }),
    await sharedApp({ TRUST_PROXY: "2" }),
  ];
});

type Headers = Record<string, string | string[]>;

/** Signs in with these headers; gives the addresses that the session and the event were noted with. */
async function addresses(proxies: number, headers: Headers): Promise<string[]> {
  const { id, username, password } = await newUser();
  const asking = postJson({ identifier: username, password }, { ...FROM_HERE, ...headers });
  await apps[proxies]?.request("/api/session", asking);
  const noted = await rows(
    "SELECT ip_address FROM sessions WHERE user_id = ? UNION SELECT ip_address FROM events WHERE user_id = ?",
    [id, id],
  );
  return noted.map((row) => String(row.ip_address));
}

describe("without a proxy", () => {
  const FORGED: Headers[] = [
    { "X-Forwarded-For": "203.0.113.9" },
    { "X-Forwarded-For": "203.0.113.9, 198.51.100.7" },
    { "X-Real-IP": "203.0.113.9" },
    { Forwarded: "for=203.0.113.9" },
    { "CF-Connecting-IP": "203.0.113.9" },
    { "X-Gatehouse-Peer": "203.0.113.9" },
  ];

  test.each(FORGED)("AU-5: the client's own %j is not believed", async (headers) => {
    expect(await addresses(0, headers)).toEqual(["127.0.0.1"]);
  });
});

describe("behind one proxy", () => {
  const SEEN: [Headers, string][] = [
    [{ "X-Forwarded-For": "203.0.113.9" }, "203.0.113.9"],
    [{ "X-Forwarded-For": "6.6.6.6, 203.0.113.9" }, "203.0.113.9"],
    [{ "X-Forwarded-For": ["6.6.6.6", "203.0.113.9"] }, "203.0.113.9"],
    [{ "X-Forwarded-For": "6.6.6.6,2001:db8::7" }, "2001:db8::7"],
    [{ "X-Forwarded-For": "::ffff:203.0.113.9" }, "203.0.113.9"],
    [{ "X-Forwarded-For": "203.0.113.9", "X-Gatehouse-Peer": "6.6.6.6" }, "203.0.113.9"],
  ];

  test.each(SEEN)("AU-5: of %j the last entry is the client", async (headers, address) => {
    expect(await addresses(1, headers)).toEqual([address]);
  });

  test("AU-5: what a proxy passes on of any length or kind is stored harmlessly", async () => {
    const [address = ""] = await addresses(1, { "X-Forwarded-For": "x".repeat(300) });
    expect(address.length).toBeLessThanOrEqual(45);
  });
});

describe("behind two proxies", () => {
  test("AU-5: the last entry but one is the client", async () => {
    const headers = { "X-Forwarded-For": "6.6.6.6, 203.0.113.9, 10.0.0.1" };
    expect(await addresses(2, headers)).toEqual(["203.0.113.9"]);
  });
});
