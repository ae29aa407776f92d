import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { type Besides, readDump } from "@/scripts/manage/dump";
import { DJANGO_FILES } from "../../support/foreign-hashes";

const folder = mkdtempSync(join(tmpdir(), "gatehouse-import-"));
const file = join(folder, "users.json");

afterAll(() => rmSync(folder, { recursive: true }));

async function read(path: string, model = "auth.user") {
  const besides: Besides = { ignored: {}, groups: new Map() };
  const users: unknown[] = [];
  for await (const user of readDump(path, model, besides)) users.push(user);
  return { users, ...besides };
}

it.each([
  ["holds no list of Django's records in JSON", ""],
  ["holds no list of Django's records in JSON", "[{]"],
  ["holds no list of Django's records in JSON", "\u0000\u0001"],
  ["holds no list of Django's records in JSON", "null"],
  ["holds no list of Django's records in JSON", '{"model": "auth.user"}'],
  ["holds no list of Django's records in JSON", "[5]"],
  ["holds no list of Django's records in JSON", '[{"fields": {}}]'],
  ["holds no list of Django's records in JSON", '[{"model": "auth.user"}'],
  ["holds no auth.user", "[]"],
  ["holds no auth.user", '[{"model": "auth.group"}]'],
])("a file that %s is refused with the command that makes one: %j", async (fault, text) => {
  writeFileSync(file, text);
  await expect(read(file)).rejects.toThrow(fault);
  await expect(read(file)).rejects.toThrow("dumpdata auth.group auth.user");
});

it("a file that is not there, or a folder, is told as that", async () => {
  await expect(read(join(folder, "none.json"))).rejects.toThrow(/none\.json cannot be read/);
  await expect(read(folder)).rejects.toThrow("cannot be read");
});

it("counts what it does not take, and knows groups by name", async () => {
  const [newest = ""] = DJANGO_FILES;
  const { users, ignored, groups } = await read(newest);
  expect(users).toHaveLength(18);
  expect(ignored).toEqual({ "auth.group": 1 });
  expect(groups.size).toBe(1);
});

it("takes the users of a model of one's own", async () => {
  writeFileSync(file, '[{"model": "accounts.person", "pk": 1}, {"model": "auth.user"}]');
  expect(await read(file, "accounts.person")).toMatchObject({
    users: [{ pk: 1 }],
    ignored: { "auth.user": 1 },
  });
});
