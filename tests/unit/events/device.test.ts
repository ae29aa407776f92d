import { describe, expect, it } from "vitest";
import { deviceFrom } from "@/lib/device";

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
