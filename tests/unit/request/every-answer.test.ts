import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { answerHeaders, prepareEveryAnswer } from "@/lib/request/every-answer";
import { rawRequest } from "../../support/raw-request";
import { underSettings } from "../../support/under-settings";

const Seen = z.record(z.string(), z.string());

/** How the server answers each path; any other tells the request headers that it saw. */
const ANSWERS: Record<string, (response: ServerResponse) => void> = {
  "/shared": (response) => response.setHeader("Cache-Control", "public, max-age=31536000"),
  "/html": (response) => response.setHeader("Content-Type", "text/html"),
  "/redirect": (response) => response.writeHead(307, { Location: "/" }),
  "/varied": (response) => response.setHeader("Vary", "rsc"),
};

const server = createServer((request, response) => {
  ANSWERS[request.url ?? ""]?.(response);
  response.end(JSON.stringify(request.headers));
});
let port = 0;

beforeAll(async () => {
  prepareEveryAnswer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port; // A port's address is never a pipe's name.
});
afterAll(() => server.close());

const seen = async (headers: Record<string, string>) =>
  Seen.parse((await rawRequest(port, "/", { headers })).json());

describe("what a request is seen with", () => {
  it.each([
    [{ "Sec-Purpose": "prefetch" }],
    [{ "Sec-Purpose": "prefetch;prerender" }],
    [{ Purpose: "prefetch" }],
    [{ "Next-Router-Prefetch": "1" }],
    [{ "Next-Router-Segment-Prefetch": "/_tree" }],
    [{ "X-Background": "1" }],
  ])("TO-5: %j is marked as no activity", async (headers) => {
    expect((await seen(headers))["x-background"]).toBe("1");
  });

  it.each([[{}], [{ "Sec-Purpose": "other" }], [{ RSC: "1" }]])(
    "TO-5: %j is activity",
    async (headers) => {
      expect(await seen(headers)).not.toHaveProperty("x-background");
    },
  );

  it("AU-5: the connection's address is ours to say, not the client's", async () => {
    expect((await seen({ "X-Gatehouse-Peer": "1.2.3.4" }))["x-gatehouse-peer"]).toBe("127.0.0.1");
  });
});

it("AZ-7: every request has to come whole within a minute", async () => {
  await seen({});
  expect(server.requestTimeout).toBe(60_000);
});

describe("what an answer goes out with", () => {
  it("HD-1: is kept by nobody, and depends on the cookie", async () => {
    const answer = await rawRequest(port, "/");
    expect(answer.header("Cache-Control")).toBe("private, no-store");
    expect(answer.header("Vary")).toBe("Cookie");
    expect((await rawRequest(port, "/varied")).header("Vary")).toBe("rsc, Cookie");
  });

  it("HD-1: but what is the same for everybody stays shared", async () => {
    const answer = await rawRequest(port, "/shared");
    expect(answer.header("Cache-Control")).toBe("public, max-age=31536000");
  });

  it("HD-5: has the headers that every answer has", async () => {
    const answer = await rawRequest(port, "/");
    for (const [name, value] of Object.entries(answerHeaders()))
      expect(answer.header(name), name).toBe(value);
  });

  it("HD-6: has a type with its charset", async () => {
    expect((await rawRequest(port, "/html")).header("Content-Type")).toBe(
      "text/html; charset=utf-8",
    );
    expect((await rawRequest(port, "/")).header("Content-Type")).toBe("text/plain; charset=utf-8");
  });

  it("RD-4: a redirect is followed by a GET, so that no form is sent twice", async () => {
    expect((await rawRequest(port, "/redirect")).status).toBe(303);
  });
});

describe("Strict-Transport-Security", () => {
  it("HD-4: a year over https, and never over http", async () => {
    expect(answerHeaders()).not.toHaveProperty("Strict-Transport-Security");
    const secure = await underSettings(
      { APP_URL: "https://app.example.com" },
      () => import("@/lib/request/every-answer"),
    );
    const value = secure.answerHeaders()["Strict-Transport-Security"] ?? "";
    expect(Number(/max-age=(\d+)/.exec(value)?.[1])).toBeGreaterThanOrEqual(31_536_000);
  });
});
