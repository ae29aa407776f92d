import { describe, expect, it } from "vitest";
import { meaningOf } from "@/app/admin/_console/meaning";
import { totalWords } from "@/app/admin/_console/total-words";

describe("what is typed into the one box of a list", () => {
  it.each(["ana", "ana@example.com", "42", "10.1", "1.2.3.4.5.", "300.1.", "50%"])(
    "%s means a person",
    (typed) => {
      expect(meaningOf(typed)).toEqual({ person: typed });
    },
  );

  it("means a session by its id, in any letter case", () => {
    const id = "0199a7c2-1b2c-7d3e-8f40-0123456789ab";
    expect(meaningOf(id.toUpperCase())).toEqual({ sessionId: id });
  });

  it("means a network by an address, a network, or the beginning of one", () => {
    expect(meaningOf("192.0.2.1")).toMatchObject({ network: { start: "192.0.2.1" } });
    expect(meaningOf("2001:db8::/32")).toMatchObject({ network: { start: "" } });
    expect(meaningOf("192.0.")).toEqual(meaningOf("192.0.0.0/16"));
  });
});

describe("totals", () => {
  const users = { one: "user", many: "users" };
  it("are said as one says them", () => {
    const words = (count: number, isEstimated = false) => totalWords({ count, isEstimated }, users);
    expect([words(0), words(1), words(1200)]).toEqual(["0 users", "1 user", "1,200 users"]);
    expect(words(1_200_000, true)).toBe("about 1,200,000 users");
  });
});
