import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { root } from "@/scripts/root";
import { manage } from "../../support/manage";

const JOAN = {
  model: "auth.user",
  pk: 1,
  fields: {
    username: "joan",
    email: "joan@example.com",
    password: "!",
    date_joined: "2020-01-02T03:04:05Z",
  },
};

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-docs-"));
  writeFileSync(join(folder, "password.txt"), "a long enough password\n");
  writeFileSync(join(folder, "users.json"), JSON.stringify([JOAN]));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A line as a shell would run it: its words, and the file that is its standard input. */
function run(line: string) {
  const [command = "", file] = line.replace("npm run manage -- ", "").split(" < ");
  const words = command
    .split(" ")
    .map((word) => (word === "users.json" ? join(folder, word) : word));
  if (file === undefined) return manage(words);
  return manage(words, { input: readFileSync(join(folder, file), "utf8") });
}

it("the command line of the quick reference runs from the first line to the last", async () => {
  const page = readFileSync(join(root, "docs/quick-reference.md"), "utf8");
  const block = /```sh\n(npm run manage .*?)```/s.exec(page)?.[1] ?? "";
  const lines = block.trim().split("\n");
  expect(lines.length).toBeGreaterThan(5);
  let said = "";
  for (const line of lines) {
    const { code, out, err } = await run(line);
    expect([line, code, err]).toEqual([line, 0, err]);
    said += out;
  }
  expect(said).toContain("Created admin ada");
  expect(said).toContain("ada has a new password");
  expect(said).toContain("Took 1 user(s)");
});
