import { describe, expect, it } from "vitest";
import { passwordFault } from "@/lib/account/password-rules";
import { underSettings } from "../../support/under-settings";

describe("passwordFault", () => {
  it("PW-1: 15 characters are enough and 14 are not", () => {
    expect(passwordFault("a".repeat(15))).toBeNull();
    expect(passwordFault("a".repeat(14))).toContain("15 characters or more");
    expect(passwordFault("")).not.toBeNull();
  });

  it("PW-1: 256 characters are taken and 257 are not", () => {
    expect(passwordFault("a".repeat(256))).toBeNull();
    expect(passwordFault("a".repeat(257))).toContain("256 characters or fewer");
  });

  it("PW-1: characters are counted, not code units", () => {
    expect(passwordFault("😀".repeat(14))).not.toBeNull();
    expect(passwordFault("😀".repeat(256))).toBeNull();
    expect(passwordFault("e\u0301".repeat(14))).not.toBeNull();
  });

  it("PW-4: nothing is asked of its composition", () => {
    for (const password of ["a".repeat(15), "1".repeat(15), " ".repeat(15), "ä€😀 ".repeat(4)])
      expect(passwordFault(password)).toBeNull();
  });

  it("PASSWORD_MIN_LENGTH is followed", async () => {
    const rules = await underSettings(
      { PASSWORD_MIN_LENGTH: "8" },
      () => import("@/lib/account/password-rules"),
    );
    expect(rules.passwordFault("a".repeat(8))).toBeNull();
    expect(rules.passwordFault("a".repeat(7))).toContain("8 characters or more");
  });

  it("PW-11: the sentence does not repeat the password", () => {
    expect(passwordFault("hunter2")).not.toContain("hunter2");
  });
});
