import { parse } from "uuid";
import { describe, expect, it } from "vitest";
import { SessionId } from "@/lib/api/fields";
import { addressId } from "@/lib/request/body";
import { UserId } from "@/lib/users/user";

const named = (id: string) => ({ params: Promise.resolve({ id }) });
const PLAIN = "01a208b1-4b44-7780-9f36-147d32fc8f5f";

describe("addressId", () => {
  it("a session's is taken in whatever letters, as the row has it", async () => {
    expect(await addressId(named(PLAIN.toUpperCase()), SessionId)).toBe(PLAIN);
  });

  it.each(["", "x", PLAIN.slice(1), ` ${PLAIN}`, `${PLAIN}/`, PLAIN.replaceAll("-", "")])(
    "%j is no session's",
    async (id) => {
      expect(await addressId(named(id), SessionId)).toBeNull();
    },
  );

  it("one that no row could hold is none either", async () => {
    const unstorable = "12345678-1234-1234-1234-123456789012";
    expect(() => parse(unstorable)).toThrow();
    expect(await addressId(named(unstorable), SessionId)).toBeNull();
  });

  it("a user's is a whole number from 1 on", async () => {
    expect(await addressId(named("7"), UserId)).toBe(7);
    expect(await addressId(named("9".repeat(15)), UserId)).toBe(999_999_999_999_999);
  });

  it.each(["", "0", "007", "-1", "1.0", "1e3", "0x1", " 1", "x", "9".repeat(16)])(
    "%j is no user's",
    async (id) => {
      expect(await addressId(named(id), UserId)).toBeNull();
    },
  );
});
