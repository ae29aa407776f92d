import { describe, expect, it } from "vitest";
import { deviceFrom, networkOf } from "@/lib/device";

describe("deviceFrom", () => {
  it("keeps an ordinary device as it is", () => {
    const device = { ipAddress: "2001:db8::1", userAgent: "Mozilla/5.0 (X11) Grüße/1.0" };
    expect(deviceFrom(device.ipAddress, device.userAgent)).toEqual(device);
  });

  it("LG-2: an agent of 10 KB fits its column", () => {
    expect(deviceFrom("", "x".repeat(10_240)).userAgent).toHaveLength(512);
    expect(deviceFrom("1".repeat(99), "").ipAddress).toHaveLength(45);
  });

  it.each(["a\r\nb", "a\u001b[31mb", "a\u0000b", "a\u202eb", "a\u2028b", "a\ud800b"])(
    "LG-2: %j cannot forge a line",
    (text) => {
      const { ipAddress, userAgent } = deviceFrom(text, text);
      for (const kept of [ipAddress, userAgent]) expect(kept).not.toMatch(/\p{C}|[\u2028\u2029]/u);
    },
  );
});

describe("networkOf", () => {
  it.each([
    ["192.0.2.7", "C0000207", "C0000207", "192.0.2.7"],
    ["192.0.2.7/24", "C0000200", "C00002FF", "192.0.2."],
    ["10.9.8.7/12", "0A000000", "0A0FFFFF", "10."],
    ["10.9.8.7/0", "00000000", "FFFFFFFF", ""],
    ["::ffff:192.0.2.7", "C0000207", "C0000207", "192.0.2.7"],
  ])("%s is from %s to %s", (text, first, last, start) => {
    expect(networkOf(text)).toEqual({ first, last, start });
  });

  it("of IPv6 has no common beginning: one address is written in several ways", () => {
    expect(networkOf("2001:DB8::/33")).toEqual({
      first: "20010DB8000000000000000000000000",
      last: "20010DB87FFFFFFFFFFFFFFFFFFFFFFF",
      start: "",
    });
  });

  it.each([
    "",
    "10",
    "10.1",
    "10.1.2.",
    "0x7f.1",
    "1.2.3.4/33",
    "1.2.3.4/",
    "1.2.3.4/-1",
    "ana",
    "2001:db8::/129",
  ])("%j is none", (text) => {
    expect(networkOf(text)).toBeNull();
  });
});
