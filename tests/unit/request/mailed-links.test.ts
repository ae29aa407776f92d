import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LINK_PATHS, leadWithoutToken } from "@/lib/request/mailed-links";
import { FROM_HERE } from "../../support/asking";
import { rawRequest } from "../../support/raw-request";

const TOKEN = "abcdefghijklmnopqrstu_";

let server: Server;
let port: number;
beforeAll(async () => {
  server = createServer((request, response) => {
    if (!leadWithoutToken(request, response)) response.end("served");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  ({ port } = server.address() as AddressInfo); // A TCP server has no other address.
});
afterAll(() => server.close());

const ask = (path: string, method = "GET") => rawRequest(port, path, { method });

describe("the link of a mail", () => {
  it.each(LINK_PATHS)("RS-2: %s loses its token at once, to a short cookie", async (path) => {
    for (const method of ["GET", "HEAD"]) {
      const led = await ask(`${path}?token=${TOKEN}`, method);
      expect(led.status).toBe(303);
      expect(led.headers.location).toBe(path);
      expect(led.setCookies).toEqual([
        `session-link=${path.slice(1)}.${TOKEN}; Path=/; Max-Age=1200; HttpOnly; SameSite=lax`,
      ]);
      expect(led.text).not.toContain(TOKEN);
    }
  });

  it("RS-2: what is no token goes as well, and takes a former one with it", async () => {
    for (const token of ["", "x", "%0d%0aSet-Cookie:a=b", "A".repeat(5000)]) {
      const led = await ask(`/reset-password?token=${token}`);
      expect(led.headers.location).toBe("/reset-password");
      expect(led.setCookies).toEqual(["session-link=; Path=/; Max-Age=0; HttpOnly; SameSite=lax"]);
    }
  });

  it("is none without a token, at another address, or by another method", async () => {
    for (const path of ["/reset-password", "/not-me?done=1", `/sign-in?token=${TOKEN}`])
      expect((await ask(path)).text).toBe("served");
    const posted = { method: "POST", headers: FROM_HERE };
    expect((await rawRequest(port, `/not-me?token=${TOKEN}`, posted)).text).toBe("served");
  });
});
