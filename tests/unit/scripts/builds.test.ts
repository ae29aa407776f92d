import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hashOfSources } from "@/scripts/builds";

describe("hashOfSources", () => {
  let tree = "";
  beforeEach(() => {
    tree = mkdtempSync(join(tmpdir(), "gatehouse-sources-"));
    mkdirSync(join(tree, "app/a"), { recursive: true });
    writeFileSync(join(tree, "app/a/page.tsx"), "one");
    writeFileSync(join(tree, "middleware.ts"), "two");
  });
  afterEach(() => rmSync(tree, { recursive: true }));

  it("stays the same while nothing changes", () => {
    expect(hashOfSources(tree)).toBe(hashOfSources(tree));
  });

  it.each([
    ["a file's text", () => writeFileSync(join(tree, "app/a/page.tsx"), "other")],
    ["a file that is gone", () => rmSync(join(tree, "middleware.ts"))],
    ["a new file", () => writeFileSync(join(tree, "app/b.ts"), "")],
  ])("changes with %s", (_what, change) => {
    const before = hashOfSources(tree);
    change();
    expect(hashOfSources(tree)).not.toBe(before);
  });

  it("does not look at files that the build is not made from", () => {
    const before = hashOfSources(tree);
    writeFileSync(join(tree, "README.md"), "words");
    expect(hashOfSources(tree)).toBe(before);
  });
});
