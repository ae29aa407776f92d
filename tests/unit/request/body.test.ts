import { describe, expect, it } from "vitest";
import { z } from "zod";
import { BadRequest, jsonBody } from "@/lib/request/body";
import { checkedQuery } from "@/lib/request/query";

/** What every object answers to without having been told. */
const BORN_WITH = [
  "constructor",
  "toString",
  "valueOf",
  "hasOwnProperty",
  "isPrototypeOf",
  "__proto__",
  "__defineGetter__",
];

const Input = z.strictObject({ name: z.string().optional() });
const ADDRESS = "http://localhost:3000/api/test";

const asked = async (body: string) => {
  const headers = { "Content-Type": "application/json" };
  return jsonBody(new Request(ADDRESS, { method: "POST", headers, body }), Input);
};

async function refusalOf(work: () => Promise<unknown>): Promise<BadRequest["problem"]> {
  const error = await work().catch((reason: unknown) => reason);
  if (!(error instanceof BadRequest)) throw new Error(`It gave ${JSON.stringify(error)}`);
  return error.problem;
}

describe.each(BORN_WITH)("a field %s", (field) => {
  it("IN-1: is refused in a body, by its name", async () => {
    const { status, errors } = await refusalOf(() => asked(`{"${field}": 1}`));
    expect(status).toBe(400);
    expect(Object.entries(errors ?? {})).toEqual([[field, [expect.stringMatching(/\w/)]]]);
  });

  it("IN-1: is refused in a query, by its name", async () => {
    const request = new Request(`${ADDRESS}?${field}=1`);
    const { status, errors } = await refusalOf(async () => checkedQuery(request, Input));
    expect(status).toBe(400);
    expect(Object.entries(errors ?? {})).toEqual([[field, [expect.stringMatching(/\w/)]]]);
  });

  it("IN-1: is refused beside others, all of them by name", async () => {
    const { errors } = await refusalOf(() => asked(`{"${field}": 1, "x": {}, "name": 2}`));
    expect(Object.keys(errors ?? {}).sort()).toEqual([field, "name", "x"].sort());
  });
});
