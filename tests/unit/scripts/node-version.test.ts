import { describe, expect, it } from "vitest";
import { isNodeNewEnough, lackOfNode } from "@/scripts/node-version.mjs";

describe("isNodeNewEnough", () => {
  it.each([
    ["20.20.2", false],
    ["22.12.0", false],
    ["22.13.0", true],
    ["24.0.0", true],
  ])("%s: %s", (version, isEnough) => {
    expect(isNodeNewEnough(version)).toBe(isEnough);
  });
});

describe("lackOfNode", () => {
  const machine = { version: "20.20.2", platform: "linux-x64", isGlibc: true };

  it.each([
    ["Linux on x64", machine],
    ["Linux on arm64", { ...machine, platform: "linux-arm64" }],
    [
      "macOS with a Node that is new enough",
      { version: "22.13.0", platform: "darwin-arm64", isGlibc: false },
    ],
  ])("CR-8: none on %s", (_name, where) => {
    expect(lackOfNode(where)).toBeNull();
  });

  it.each([
    ["macOS", { ...machine, platform: "darwin-arm64", isGlibc: false }],
    ["Linux without glibc", { ...machine, isGlibc: false }],
  ])("CR-8: on %s an old Node cannot be replaced: it says which is needed", (_name, where) => {
    expect(lackOfNode(where)).toMatch(/Node 22\.13 or newer is needed, and this is Node 20\.20\.2/);
  });
});
