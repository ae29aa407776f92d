import { describe, expect, it } from "vitest";
import { grantsFinding } from "@/scripts/check/grants";
import { belowFloor, FLOORS, nodeFinding } from "@/scripts/check/packages";
import { judgeAddresses } from "@/scripts/check/rows";
import {
  capacityFinding,
  clockFinding,
  durabilityFinding,
  tlsFinding,
  versionFinding,
  zoneFinding,
} from "@/scripts/check/server";

const at = (ms: number) => new Date(1_800_000_000_000 + ms);

describe("the server's version, clock and zone", () => {
  it.each([
    ["10.11.19-MariaDB-0+deb12u1", true],
    ["10.5.29-MariaDB", false],
    ["11.8.2-MariaDB-log", true],
    ["8.0.29", true],
    ["8.0.28-log", false],
    ["9.7.0", true],
  ])("%s is new enough: %s", (version, ok) => {
    expect(versionFinding(version).ok).toBe(ok);
  });

  it.each([
    [0, 0, 10, true],
    [0, 2010, 10, true],
    [0, 2011, 10, false],
    [2000, 0, 2010, true],
    [2001, 0, 2011, false],
  ])("asked at %i, %i told, heard at %i: agrees is %s", (before, server, after, ok) => {
    expect(clockFinding(at(before), at(server), at(after)).ok).toBe(ok);
  });

  it("TO-8: UTC is no fault, half past five is", () => {
    expect(zoneFinding(0).ok).toBe(true);
    expect(zoneFinding(19_800)).toMatchObject({
      fix: expect.stringContaining("default-time-zone"),
    });
  });
});

describe("durability", () => {
  const variables = (flush: string, log: string, sync: string) =>
    new Map([
      ["innodb_flush_log_at_trx_commit", flush],
      ["log_bin", log],
      ["sync_binlog", sync],
    ]);

  it("is there with each commit on the disk", () => {
    expect(durabilityFinding(variables("1", "ON", "1")).ok).toBe(true);
    expect(durabilityFinding(variables("1", "OFF", "0")).ok).toBe(true);
  });

  it("names the lines that are missing", () => {
    const fix = "[mysqld] innodb_flush_log_at_trx_commit = 1; sync_binlog = 1";
    expect(durabilityFinding(variables("2", "ON", "0"))).toMatchObject({ ok: false, fix });
  });
});

describe("CR-7: grants", () => {
  const WHO = "TO `app`@`10.%`";
  const RIGHTS = `GRANT SELECT, INSERT, UPDATE, DELETE ON \`gate\\_house\`.* ${WHO}`;
  const judged = (...lines: string[]) => grantsFinding(lines, "gate_house", "'app'@'10.%'");
  const SECRET = "*94BDCEBE19083CE2A1F959FD02F964C7AF4CFC29";

  it.each([
    [RIGHTS],
    [`GRANT USAGE ON *.* ${WHO} IDENTIFIED BY PASSWORD '${SECRET}'`, RIGHTS],
    [RIGHTS.replace("\\", "")],
  ])("those four alone are right: %j", (...lines) => {
    expect(judged(...lines)).toMatchObject({ ok: true });
  });

  it.each([
    ["ALL PRIVILEGES", `GRANT ALL PRIVILEGES ON \`gate_house\`.* ${WHO}`],
    ["CREATE", RIGHTS.replace("DELETE", "DELETE, CREATE")],
    ["GRANT OPTION", `${RIGHTS} WITH GRANT OPTION`],
    ["FILE", RIGHTS, `GRANT FILE ON *.* ${WHO}`],
    ["SUPER", RIGHTS, `GRANT SUPER ON *.* ${WHO} IDENTIFIED BY PASSWORD '${SECRET}'`],
    ["SELECT on `other`.*", RIGHTS, `GRANT SELECT ON \`other\`.* ${WHO}`],
    ["SELECT on *.*", RIGHTS, `GRANT SELECT ON *.* ${WHO}`],
    ["ALTER", RIGHTS, `GRANT ALTER ON \`gate_house\`.\`users\` ${WHO}`],
  ])("%s is too much; the fix is the line to write", (what, ...lines) => {
    const found = judged(...lines);
    expect(found).toMatchObject({ ok: false, fault: expect.stringContaining(what) });
    expect(found).toMatchObject({
      fix: expect.stringContaining(
        "GRANT SELECT, INSERT, UPDATE, DELETE ON `gate_house`.* TO 'app'@'10.%';",
      ),
    });
    expect(JSON.stringify(found)).not.toContain(SECRET);
  });

  it("says what is missing", () => {
    const found = judged(RIGHTS.replace(", DELETE", ""));
    expect(found).toMatchObject({ ok: false, fault: expect.stringMatching(/may not DELETE$/) });
  });
});

describe("CR-7: TLS to the database", () => {
  it.each([
    ["mysql://a:b@127.0.0.1/app", "", true],
    ["mysql://a:b@db.example.com/app", "TLS_AES_256_GCM_SHA384", true],
    ["mysql://a:b@db.example.com/app", "", false],
    ["mysql://a:b@10.0.0.3/app", "", false],
    ['mysql://a:b@db.example.com/app?ssl={"rejectUnauthorized":false}', "TLS_AES", false],
    ['mysql://a:b@db.example.com/app?ssl={"rejectUnauthorized":true}', "TLS_AES", true],
  ])("%s with the cipher %j is safe: %s", (url, cipher, ok) => {
    expect(tlsFinding([url], cipher).ok).toBe(ok);
  });

  it("one remote node among local ones is enough", () => {
    expect(tlsFinding(["mysql://a@127.0.0.1/b", "mysql://a@10.0.0.3/b"], "").ok).toBe(false);
  });
});

describe("RL-11: connections", () => {
  it("counts a pool for each instance, one more for a change, and five to spare", () => {
    expect(capacityFinding(2, 35).ok).toBe(true);
    const fix = "[mysqld] max_connections = 35";
    expect(capacityFinding(2, 34)).toMatchObject({ ok: false, fix });
  });
});

describe("DP-1: packages and Node", () => {
  it("those at the floor pass, one below it is named", () => {
    expect(belowFloor((name) => FLOORS[name] ?? "0.0.0")).toEqual([]);
    expect(belowFloor((name) => (name === "mysql2" ? "3.23.0" : "99.0.0"))).toEqual([
      "mysql2 3.23.0 (3.23.1 is the floor)",
    ]);
  });

  it("those that are installed pass", () => {
    expect(belowFloor()).toEqual([]);
  });

  it("Node 22.13 passes, 22.12 does not", () => {
    expect([nodeFinding("22.13.0").ok, nodeFinding("22.12.9").ok]).toEqual([true, false]);
  });
});

describe("AU-5: TRUST_PROXY against what sign-ins show", () => {
  const signIns = (count: number, addressOf: (n: number) => string) =>
    Array.from({ length: count }, (_, n) => ({ userId: n, ipAddress: addressOf(n) }));

  it("addresses of people are right", () => {
    const found = judgeAddresses(
      signIns(30, (n) => `198.18.0.${n}`.replace("198.18", "203.1")),
      1,
    );
    expect(found.ok).toBe(true);
  });

  it("private ones alone are those of a proxy", () => {
    const found = judgeAddresses(
      signIns(20, (n) => `10.0.0.${n}`),
      0,
    );
    expect(found).toMatchObject({ ok: false, fix: expect.stringContaining("TRUST_PROXY=1") });
    expect(
      judgeAddresses(
        signIns(20, () => "::1"),
        1,
      ),
    ).toMatchObject({
      fix: expect.stringContaining("TRUST_PROXY=2"),
    });
  });

  it("many people from three addresses come by proxies", () => {
    const found = judgeAddresses(
      signIns(30, (n) => `203.1.0.${n % 3}`),
      0,
    );
    expect(found).toMatchObject({ ok: false, fix: expect.stringContaining("TRUST_PROXY=1") });
  });

  it("one without an address passed fewer proxies", () => {
    const seen = [...signIns(3, () => "203.1.0.1"), { userId: 1, ipAddress: "" }];
    expect(judgeAddresses(seen, 2)).toMatchObject({
      ok: false,
      fix: expect.stringContaining("TRUST_PROXY=1"),
    });
  });

  it("few sign-ins say nothing", () => {
    expect(
      judgeAddresses(
        signIns(19, () => "10.0.0.1"),
        0,
      ).ok,
    ).toBe(true);
  });
});
