import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { metrics } from "@/lib/metrics";
import { prepareEveryResponse, responseHeaders } from "@/lib/request/every-response";
import { reached } from "@/lib/request-scope";
import { rawBytes, rawRequest } from "../../support/raw-request";
import { underSettings } from "../../support/under-settings";

const Seen = z.record(z.string(), z.string());

/** How the server answers each path; any other tells the request headers that it saw. */
const RESPONSES: Record<string, (response: ServerResponse) => void> = {
  "/shared": (response) => response.setHeader("Cache-Control", "public, max-age=31536000"),
  "/html": (response) => response.setHeader("Content-Type", "text/html"),
  "/redirect": (response) => response.writeHead(307, { Location: "/" }),
  "/varied": (response) => response.setHeader("Vary", "rsc"),
  "/broken": broken,
  "/api/broken": broken,
  "/api/broken-twice": (response) => {
    broken(response).end("secret");
    response.statusCode = 500;
  },
  "/broken-in-pieces": (response) => void broken(response).write("secret"),
  "/broken-by-us": (response) => {
    reached();
    broken(response).end("secret");
  },
  "/broken-by-us-in-pieces": (response) => {
    reached();
    broken(response).write("secret");
    response.end();
  },
};

function broken(response: ServerResponse): ServerResponse {
  return response.setHeader("Content-Length", 6).writeHead(500);
}

const server = createServer((request, response) => {
  RESPONSES[request.url ?? ""]?.(response);
  if (!response.writableEnded) response.end(JSON.stringify(request.headers));
});
let port = 0;

beforeAll(async () => {
  prepareEveryResponse();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port; // A port's address is never a pipe's name.
});
afterAll(() => server.close());

/** What a server of the same kind says to these bytes before it has heard anything else. */
async function firstSaid(bytes: string): Promise<string> {
  const fresh = createServer((_, response) => response.end()).on("upgrade", () => {});
  await new Promise<void>((resolve) => fresh.listen(0, "127.0.0.1", resolve));
  const said = await rawBytes((fresh.address() as AddressInfo).port, bytes); // See above.
  fresh.close();
  return said;
}

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
    const response = await rawRequest(port, "/");
    expect(response.header("Cache-Control")).toBe("private, no-store");
    expect(response.header("Vary")).toBe("Cookie");
    expect((await rawRequest(port, "/varied")).header("Vary")).toBe("rsc, Cookie");
  });

  it("HD-1: but what is the same for everybody stays shared", async () => {
    const response = await rawRequest(port, "/shared");
    expect(response.header("Cache-Control")).toBe("public, max-age=31536000");
  });

  it("HD-5: has the headers that every answer has", async () => {
    const response = await rawRequest(port, "/");
    for (const [name, value] of Object.entries(responseHeaders()))
      expect(response.header(name), name).toBe(value);
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

describe("what nobody can answer", () => {
  const FROM_HERE = { "Sec-Fetch-Site": "same-origin" };
  const ask = async (method: string, path: string) => {
    const { status, header, text } = await rawRequest(port, path, { method, headers: FROM_HERE });
    const [type] = header("Content-Type").split(";");
    return { status, type, allow: header("Allow"), text };
  };

  it.each(["TRACE", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "QUERY"])(
    "HD-9: %s of a page is 405 in words, and never handed on",
    async (method) => {
      expect(await ask(method, "/html")).toEqual({
        status: 405,
        type: "text/plain",
        allow: "GET, HEAD, POST",
        text: "This address answers GET, HEAD, POST.",
      });
    },
  );

  it.each(["TRACE", "PROPFIND", "QUERY"])(
    "HD-9: %s of the API is 405 as a problem",
    async (method) => {
      const { status, type, allow, text } = await ask(method, "/api/session");
      expect([status, type]).toEqual([405, "application/problem+json"]);
      expect(allow).toBe("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
      expect(JSON.parse(text)).toMatchObject({ status: 405, title: "Method not allowed" });
    },
  );

  it.each([
    ["GET", "http://other.example/"],
    ["GET", "http://localhost:3000/"],
    ["POST", "https://u:p@other.example:1/x?y"],
    ["OPTIONS", "*"],
    ["GET", "/%"],
    ["GET", "/%2"],
    ["GET", "/%zz"],
    ["GET", "/a/%ff?b"],
    ["GET", "/%c3%28"],
    ["GET", "/%ed%a0%80"],
  ])("HD-9: %s %s is 400 in words", async (method, path) => {
    expect(await ask(method, path)).toMatchObject({ status: 400, type: "text/plain" });
  });

  it.each(["/api/%", "/api/session/%ff"])("HD-9: GET %s is 400 as a problem", async (path) => {
    const { status, type } = await ask("GET", path);
    expect([status, type]).toEqual([400, "application/problem+json"]);
  });

  it.each(["/?%", "/%25", "/caf%C3%A9", "/%00"])("HD-9: %s is nobody's fault", async (path) => {
    expect((await ask("GET", path)).status).toBe(200);
  });

  // As the first words that the server ever hears.
  it("HD-9: CONNECT is told so, and the connection ends", async () => {
    const said = await firstSaid(
      "CONNECT other.example:80 HTTP/1.1\r\nHost: other.example\r\n\r\n",
    );
    expect(said).toMatch(/^HTTP\/1\.1 405 /);
  });

  it.each(["GET /", "TRACE /", "GET /%", "GET http://other.example/", "GET /_next/webpack-hmr"])(
    "HD-9: %s that would change the protocol is a plain request, and no connection is left open",
    async (asked) => {
      const upgrade = "Connection: Upgrade, close\r\nUpgrade: websocket";
      const said = await firstSaid(`${asked} HTTP/1.1\r\nHost: localhost\r\n${upgrade}\r\n\r\n`);
      expect(said).toMatch(/^HTTP\/1\.1 (200|4\d\d) /);
      expect(said).toMatch(/^x-frame-options: DENY/im);
    },
  );

  it.each(["GET", "HEAD", "POST", "DELETE", "TRACE"])(
    "IN-1: %s of /api is a problem",
    async (method) => {
      for (const path of ["/api", "/api/", "/api?x=1"]) {
        const { status, type } = await ask(method, path);
        expect([path, status, type]).toEqual([
          path,
          method === "TRACE" ? 405 : 404,
          "application/problem+json",
        ]);
      }
    },
  );

  it("HD-9: an error from before any code of ours is the request's: 400, and nothing of it is told", async () => {
    for (const path of ["/broken", "/broken-in-pieces"]) {
      const { status, type, text } = await ask("GET", path);
      expect([path, status, type]).toEqual([path, 400, "text/plain"]);
      expect(text).toBe("This request cannot be read.");
    }
    const { status, text } = await ask("GET", "/api/broken");
    expect([status, JSON.parse(text)]).toMatchObject([400, { title: "Bad request" }]);
  });

  it("HD-9: and counts as that, whatever becomes of the answer once it is sent", async () => {
    const counted = async () => {
      const { values } = await metrics().durations.get();
      const ofThese = values.filter(({ labels }) => labels.method === "PATCH");
      return ofThese.map(({ labels }) => labels.status);
    };
    await ask("PATCH", "/api/broken-twice");
    await expect.poll(counted).toContain(400);
    expect(await counted()).not.toContain(500);
  });

  it("HD-9: an error of ours stays one", async () => {
    expect(await ask("GET", "/broken-by-us")).toMatchObject({ status: 500, text: "secret" });
    expect(await ask("GET", "/broken-by-us-in-pieces")).toMatchObject({
      status: 500,
      text: "secret",
    });
  });
});

describe("the policy", () => {
  it("HD-9: is on every page, whoever made it, with the nonce that Next was told", async () => {
    const response = await rawRequest(port, "/html", {
      headers: { "Content-Security-Policy": "script-src 'nonce-evil'" },
    });
    const policy = response.header("Content-Security-Policy");
    expect(policy).toContain("object-src 'none'");
    expect(Seen.parse(response.json())["content-security-policy"]).toBe(policy);
  });

  it("HD-9: of everything else lets nothing run and nothing frame it", async () => {
    for (const path of ["/", "/shared", "/redirect", "/%", "/api", "/broken"])
      expect((await rawRequest(port, path)).header("Content-Security-Policy")).toBe(
        "default-src 'none'; frame-ancestors 'none'",
      );
  });
});

describe("Strict-Transport-Security", () => {
  it("HD-4: a year over https, and never over http", async () => {
    expect(responseHeaders()).not.toHaveProperty("Strict-Transport-Security");
    const secure = await underSettings(
      { APP_URL: "https://app.example.com" },
      () => import("@/lib/request/every-response"),
    );
    const value = secure.responseHeaders()["Strict-Transport-Security"] ?? "";
    expect(Number(/max-age=(\d+)/.exec(value)?.[1])).toBeGreaterThanOrEqual(31_536_000);
  });
});
