import { describe, expect, it } from "vitest";
import { SignInInput } from "@/lib/request/sign-in";

const GIVEN = { identifier: "ada", password: " with a blank before" };

describe("SignInInput", () => {
  it("PW-3: the password is left exactly as typed", () => {
    expect(SignInInput.parse(GIVEN)).toEqual({ ...GIVEN, remember: false });
    const decomposed = "e\u0301 ";
    expect(SignInInput.parse({ ...GIVEN, password: decomposed }).password).toBe(decomposed);
  });

  it.each([
    "role",
    "status",
    "userId",
    "expiresAt",
    "absoluteExpiresAt",
    "persistent",
    "sessionId",
    "secret",
    "__proto",
  ])("AU-12: a field %s is refused", (field) => {
    expect(SignInInput.safeParse({ ...GIVEN, [field]: "admin" }).success).toBe(false);
  });

  it.each([
    ["no identifier", { identifier: "" }],
    ["no password", { password: "" }],
    ["a list for the identifier", { identifier: ["ada"] }],
    ["a condition for the password", { password: { $ne: "" } }],
    ["a number for the password", { password: 1 }],
    ["remember in words", { remember: "true" }],
    ["an endless identifier", { identifier: "a".repeat(1025) }],
    ["an endless password", { password: "a".repeat(1025) }],
  ])("AU-12: %s is refused", (_what, change) => {
    expect(SignInInput.safeParse({ ...GIVEN, ...change }).success).toBe(false);
  });
});
