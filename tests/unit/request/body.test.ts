import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { BadRequest, heldBody, parsedQuery } from "@/lib/request/body";

const Input = z.strictObject({ name: z.string() });
const GOOD = JSON.stringify({ name: "Ada" });

/** A request whose body comes as those pieces; after the last one it ends, or never does. */
function post(pieces: readonly string[], { ends = true, type = "application/json" } = {}): Request {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
      if (ends) controller.close();
    },
  });
  const headers = { "Content-Type": type };
  // Node asks for `duplex` where a body is a stream; the type of fetch does not know it.
  const init: RequestInit & { duplex: "half" } = { method: "POST", headers, body, duplex: "half" };
  return new Request("http://localhost:3000/", init);
}

/** The status of the problem that is thrown; null where none is. */
async function statusOf(work: () => unknown): Promise<number | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof BadRequest) return error.problem.status;
    throw error;
  }
}

describe("heldBody", () => {
  it("gives what was sent, in however many pieces", async () => {
    const told = await heldBody(post([...GOOD]), Input);
    expect(told()).toEqual({ name: "Ada" });
  });

  it.each([
    [400, post(["{"])],
    [400, post(["{}"])],
    [400, post([JSON.stringify({ name: "Ada", role: "admin" })])],
    [415, post([GOOD], { type: "text/plain" })],
    [413, post([JSON.stringify({ name: "x".repeat(64 * 1024) })])],
  ])("AZ-7: what is wrong with it is told when it is asked for: %d", async (status, request) => {
    const told = await heldBody(request, Input);
    expect(await statusOf(told)).toBe(status);
  });

  it("AZ-7: the code of a schema runs when the body is asked for, and not before", async () => {
    let runs = 0;
    const counting = Input.transform((input) => {
      runs += 1;
      return input;
    });
    const told = await heldBody(post([...GOOD]), counting);
    expect(runs).toBe(0);
    expect([told(), runs]).toEqual([{ name: "Ada" }, 1]);
  });

  it("HD-9: one that breaks off is the sender's fault: 400", async () => {
    const body = new ReadableStream({
      pull: (controller) => controller.error(new Error("aborted")),
    });
    const headers = { "Content-Type": "application/json" };
    const init: RequestInit & { duplex: "half" } = {
      method: "POST",
      headers,
      body,
      duplex: "half",
    };
    const told = await heldBody(new Request("http://localhost:3000/", init), Input);
    expect(await statusOf(told)).toBe(400);
  });

  it("CS-4: 64 KiB are taken, and no byte more", async () => {
    const sized = (bytes: number) => {
      const text = JSON.stringify({
        name: "x".repeat(bytes - JSON.stringify({ name: "" }).length),
      });
      return [text.slice(0, 1000), text.slice(1000)];
    };
    expect(await statusOf(await heldBody(post(sized(64 * 1024)), Input))).toBeNull();
    expect(await statusOf(await heldBody(post(sized(64 * 1024 + 1)), Input))).toBe(413);
  });

  it.each([[[]], [["{"]], [[GOOD]]])(
    "AZ-7: one that does not end in time is 408 at once: %j",
    async (pieces) => {
      const begun = performance.now();
      expect(await statusOf(() => heldBody(post(pieces, { ends: false }), Input, 60))).toBe(408);
      expect(performance.now() - begun).toBeGreaterThan(50);
    },
  );

  it("AZ-7: unless another time is given it is 30 seconds", async () => {
    const timeout = vi.spyOn(AbortSignal, "timeout");
    await heldBody(post([GOOD]), Input);
    expect(timeout.mock.calls).toEqual([[30_000]]);
    timeout.mockRestore();
  });

  it("AZ-7: the time is for all of it, however often a piece comes", async () => {
    let timer: NodeJS.Timeout | undefined;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        timer = setInterval(() => controller.enqueue(new Uint8Array([32])), 5);
      },
    });
    const headers = { "Content-Type": "application/json" };
    const init: RequestInit & { duplex: "half" } = {
      method: "POST",
      headers,
      body,
      duplex: "half",
    };
    const request = new Request("http://localhost:3000/", init);
    expect(await statusOf(() => heldBody(request, Input, 60))).toBe(408);
    clearInterval(timer);
  });
});

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

const Named = z.strictObject({ name: z.string().optional() });
const ADDRESS = "http://localhost:3000/api/test";

const asked = async (body: string) => {
  const headers = { "Content-Type": "application/json" };
  return (await heldBody(new Request(ADDRESS, { method: "POST", headers, body }), Named))();
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
    const { status, errors } = await refusalOf(async () => parsedQuery(request, Named));
    expect(status).toBe(400);
    expect(Object.entries(errors ?? {})).toEqual([[field, [expect.stringMatching(/\w/)]]]);
  });

  it("IN-1: is refused beside others, all of them by name", async () => {
    const { errors } = await refusalOf(() => asked(`{"${field}": 1, "x": {}, "name": 2}`));
    expect(Object.keys(errors ?? {}).sort()).toEqual([field, "name", "x"].sort());
  });
});
