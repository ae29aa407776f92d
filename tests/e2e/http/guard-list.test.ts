import { cpSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { builtActions, differences } from "@/scripts/guards/built";
import { projectEntries } from "@/scripts/guards/project";
import { root } from "@/scripts/root";
import { tryTricks } from "@/tests/attacks/guard-gate";
import { manage } from "@/tests/support/manage";

// Read once: it takes the compiler to do so.
const ENTRIES = projectEntries();

test("AZ-1: the build holds exactly the pages, handlers and actions that the list names", () => {
  expect(differences(ENTRIES, root)).toEqual([]);
});

test("AZ-1: a part of the build that the list lacks is found, whatever its kind", () => {
  const entries = ENTRIES.filter(({ kind }) => !/^(layout|metadata)$/.test(kind));
  for (const missing of entries) {
    const isSameRoute = ({ source }: typeof missing) => source === missing.source;
    const rest = entries.filter((entry) =>
      missing.kind === "action" ? entry !== missing : !isSameRoute(entry),
    );
    expect(differences(rest, root), missing.source).toEqual([
      expect.stringMatching(/ was built, and is not in the list$/),
    ]);
  }
  expect(builtActions(root).length).toBeGreaterThan(0);
});

test("AZ-11: a route of the pages router, and an address that leads elsewhere, are found in the build", () => {
  const folder = mkdtempSync(join(inject("scratchFolder"), "build-"));
  for (const name of ["app-paths-manifest", "server-reference-manifest"])
    cpSync(join(root, `.next/server/${name}.json`), join(folder, `.next/server/${name}.json`));
  const manifest = (path: string, content: object) =>
    writeFileSync(join(folder, ".next", path), JSON.stringify(content));
  manifest("server/pages-manifest.json", { "/_app": "a", "/404": "a", "/api/people": "a" });
  manifest("routes-manifest.json", {
    rewrites: {
      beforeFiles: [
        { source: "/x", destination: "/admin" },
        { source: "/hidden", destination: "/_hidden/x" },
      ],
      afterFiles: [],
      fallback: [{ source: "/y", destination: "https://example.com/_hidden/" }],
    },
  });
  expect(differences(ENTRIES, folder)).toEqual([
    "/api/people was built, and is not in the list",
    "/x is rewritten past the list",
    "/y is rewritten past the list",
  ]);
  manifest("routes-manifest.json", { rewrites: [{ source: "/z", destination: "/_hiddenly" }] });
  expect(differences(ENTRIES, folder)).toContain("/z is rewritten past the list");
});

test("AZ-1: a listed part that was not built is found", () => {
  const [first] = ENTRIES;
  if (!first) throw new Error("there are no entries");
  const made = { ...first, kind: "page", source: "app/made-up/page.tsx" } as const;
  expect(differences([...ENTRIES, made], root)).toEqual([
    "/made-up/page is in the list, and was not built",
  ]);
});

test("AZ-1: manage guards lists everything with its guard", async () => {
  const { code, out, err } = await manage(["guards"]);
  expect([code, err]).toEqual([0, ""]);
  expect(out).toMatch(/page +\/dashboard +requireSession\(\) +app\/dashboard\/page\.tsx/);
  expect(out).toMatch(/handler +GET \/api\/session +withSession\(\) +app\/api\/session\/route\.ts/);
  expect(out).toMatch(/action +signInAction +public: signs in +app\/sign-in\/actions\.ts/);
});

test("AZ-1: manage guards --json lists them as the gate reads them, and asks no database", async () => {
  const settings = { DATABASE_URL: "mysql://nobody@127.0.0.1:1/nothing" };
  const listed = await manage(["guards", "--json"], { settings });
  expect(listed).toMatchObject({ code: 0, err: "" });
  expect(listed.json()).toEqual({ entries: ENTRIES });
});

test("AZ-11: manage guards fails, and names file, line, fault and fix of every trick", async () => {
  const { code, refused, missed } = await tryTricks(inject("scratchFolder"));
  expect([code, missed]).toEqual([1, []]);
  expect(refused).toContainEqual(
    expect.stringMatching(
      /^app\/trick\d+\/page\.tsx:1: page \/trick\d+: opens with no guard\. Write .* in lib\/request\/public\.ts\.$/,
    ),
  );
});
