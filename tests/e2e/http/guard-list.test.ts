import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { builtActions, differences } from "@/scripts/guards/built";
import { projectEntries } from "@/scripts/guards/project";
import { root } from "@/scripts/root";
import { manage } from "@/tests/support/manage";

test("AZ-1: the build holds exactly the pages, handlers and actions that the list names", () => {
  expect(differences(projectEntries(), root)).toEqual([]);
});

test("AZ-1: a part of the build that the list lacks is found, whatever its kind", () => {
  const entries = projectEntries();
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

test("AZ-1: a listed part that was not built is found", () => {
  const [first] = projectEntries();
  if (!first) throw new Error("there are no entries");
  const made = { ...first, kind: "page", source: "app/made-up/page.tsx" } as const;
  expect(differences([...projectEntries(), made], root)).toEqual([
    "/made-up/page is in the list, and was not built",
  ]);
});

test("AZ-1: manage guards lists everything with its guard, and asks no database", async () => {
  const settings = { DATABASE_URL: "mysql://nobody@127.0.0.1:1/nothing" };
  const { code, out, err } = await manage(["guards"], { settings });
  expect([code, err]).toEqual([0, ""]);
  expect(out).toMatch(/page +\/dashboard +requireSession\(\) +app\/dashboard\/page\.tsx/);
  expect(out).toMatch(/handler +GET \/api\/session +withSession\(\) +app\/api\/session\/route\.ts/);
  expect(out).toMatch(/action +signInAction +requireSameOrigin\(\) +app\/sign-in\/actions\.ts/);
  const listed = await manage(["guards", "--json"], { settings });
  expect(listed.json()).toEqual({ entries: projectEntries() });
});

test("AZ-1: manage guards fails and names what has no guard", () => {
  const folder = mkdtempSync(join(inject("scratchFolder"), "open-"));
  for (const path of ["app", "lib", "scripts", "package.json", "tsconfig.json"])
    cpSync(join(root, path), join(folder, path), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  mkdirSync(join(folder, "app/open"));
  writeFileSync(join(folder, "app/open/page.tsx"), "export default () => null;\n");
  writeFileSync(join(folder, "app/open/route.ts"), "export const GET = () => new Response();\n");
  const words = ["--conditions=react-server", "--import", "tsx", "scripts/manage/main.ts"];
  const { status, stderr } = spawnSync(process.execPath, [...words, "guards"], {
    cwd: folder,
    encoding: "utf8",
  });
  expect(status).toBe(1);
  expect(stderr.trim().split("\n")).toEqual([
    "app/open/page.tsx: /open has no guard",
    "app/open/route.ts: GET has no guard",
  ]);
});
