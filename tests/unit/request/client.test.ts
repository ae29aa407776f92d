import { describe, expect, it } from "vitest";
import { clientAddress, isBackground } from "@/lib/request/client";
import { PEER_HEADER } from "@/lib/request/own-headers";
import { underSettings } from "../../support/under-settings";

const PEER = { [PEER_HEADER]: "203.0.113.5" };

describe("clientAddress", () => {
  it("AU-5: without a proxy it is the other end of the connection, whatever a client writes", () => {
    expect(clientAddress(new Headers(PEER))).toBe("203.0.113.5");
    expect(clientAddress(new Headers({ ...PEER, "X-Forwarded-For": "1.2.3.4" }))).toBe(
      "203.0.113.5",
    );
  });

  it.each([
    ["1", "198.51.100.7"],
    ["2", "192.0.2.9"],
  ])("AU-5: behind %s proxies it is that many from the right", async (proxies, address) => {
    const client = await underSettings(
      { TRUST_PROXY: proxies },
      () => import("@/lib/request/client"),
    );
    const chain = "1.1.1.1, 192.0.2.9, 198.51.100.7";
    const headers = new Headers({ ...PEER, "X-Forwarded-For": chain });
    expect(client.clientAddress(headers)).toBe(address);
  });

  it("AU-5: what is not there is not made up", async () => {
    const client = await underSettings({ TRUST_PROXY: "2" }, () => import("@/lib/request/client"));
    expect(client.clientAddress(new Headers({ "X-Forwarded-For": "1.1.1.1" }))).toBe("");
    expect(clientAddress(new Headers())).toBe("");
  });

  it("an IPv4 address within an IPv6 one is the IPv4 address", () => {
    expect(clientAddress(new Headers({ [PEER_HEADER]: "::ffff:192.0.2.1" }))).toBe("192.0.2.1");
    expect(clientAddress(new Headers({ [PEER_HEADER]: "2001:db8::1" }))).toBe("2001:db8::1");
  });
});

describe("isBackground", () => {
  it.each([
    ["1", true],
    ["0", false],
    ["true", false],
  ])("TO-5: X-Background: %s says %s", (value, isSo) => {
    expect(isBackground(new Headers({ "X-Background": value }))).toBe(isSo);
  });

  it("TO-5: without it somebody did this", () => {
    expect(isBackground(new Headers())).toBe(false);
  });
});
