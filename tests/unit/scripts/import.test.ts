import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { readImportFile } from "@/scripts/manage/import";
import { DJANGO_FILES } from "../../support/foreign-hashes";

const folder = mkdtempSync(join(tmpdir(), "gatehouse-import-"));
const file = join(folder, "users.json");

afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  ["is not JSON", ""],
  ["is not JSON", "[{]"],
  ["is not JSON", "\u0000\u0001"],
  ["holds no list of Django's records", "null"],
  ["holds no list of Django's records", '{"model": "auth.user"}'],
  ["holds no list of Django's records", "[5]"],
  ["holds no list of Django's records", '[{"fields": {}}]'],
  ["holds no auth.user", "[]"],
  ["holds no auth.user", '[{"model": "auth.group"}]'],
])("a file that %s is refused with the command that makes one: %j", (fault, text) => {
  writeFileSync(file, text);
  expect(() => readImportFile(file)).toThrow(fault);
  expect(() => readImportFile(file)).toThrow("dumpdata auth.user");
});

it("a file that is not there, or a folder, is told as that", () => {
  expect(() => readImportFile(join(folder, "none.json"))).toThrow(/none\.json cannot be read/);
  expect(() => readImportFile(folder)).toThrow("cannot be read");
});

it("counts what it does not take", () => {
  const [newest = ""] = DJANGO_FILES;
  const read = readImportFile(newest);
  expect(read.users).toHaveLength(18);
  expect(read.ignored).toEqual({ "auth.group": 1 });
});
