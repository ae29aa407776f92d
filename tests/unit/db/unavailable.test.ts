import { describe, expect, it } from "vitest";
import {
  DatabaseUnavailable,
  databaseErrorNumber,
  isConnectionLost,
  isDatabaseUnavailable,
  isOutage,
} from "@/lib/db/errors";

const fault = (properties: object) => Object.assign(new Error("a fault"), properties);
const wrapped = (cause: unknown) => new Error("Failed query", { cause });

describe("isOutage", () => {
  it.each([
    ["a lost connection", { code: "PROTOCOL_CONNECTION_LOST", fatal: true }],
    ["a reset connection", { code: "ECONNRESET" }],
    ["nobody there", { code: "ECONNREFUSED", fatal: true }],
    ["no answer in time", { code: "PROTOCOL_SEQUENCE_TIMEOUT" }],
    ["no connection in time", { code: "ETIMEDOUT" }],
    ["too many connections", { errno: 1040, code: "ER_CON_COUNT_ERROR" }],
    ["a server that shuts down", { errno: 1053 }],
    ["a server that only reads", { errno: 1290 }],
    ["a node without its cluster", { errno: 1047 }],
    ["a full disk", { errno: 1021 }],
  ])("RL-1: %s is one", (_what, properties) => {
    expect(isOutage(fault(properties))).toBe(true);
  });

  it.each([
    ["a duplicate", { errno: 1062, code: "ER_DUP_ENTRY" }],
    ["a deadlock", { errno: 1213, code: "ER_LOCK_DEADLOCK" }],
    ["wrong SQL", { errno: 1064, code: "ER_PARSE_ERROR" }],
    ["a missing table", { errno: 1146 }],
    ["another error", {}],
  ])("RL-1: %s is none", (_what, properties) => {
    expect(isOutage(fault(properties))).toBe(false);
    expect(isConnectionLost(fault(properties))).toBe(false);
  });

  it.each([null, undefined, "ECONNRESET", { code: "ECONNRESET" }])("%j is no error", (value) => {
    expect(isOutage(value)).toBe(false);
  });
});

describe("isDatabaseUnavailable", () => {
  it("finds it within what wraps it", () => {
    expect(isDatabaseUnavailable(wrapped(wrapped(new DatabaseUnavailable("x"))))).toBe(true);
    expect(isDatabaseUnavailable(wrapped(fault({})))).toBe(false);
  });
});

describe("databaseErrorNumber", () => {
  it("finds it within what wraps it", () => {
    expect(databaseErrorNumber(wrapped(fault({ errno: 1213 })))).toBe(1213);
    expect(databaseErrorNumber(wrapped("1213"))).toBeNull();
  });
});
