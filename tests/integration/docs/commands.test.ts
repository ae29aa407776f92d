import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "@/scripts/root";

// What `npm run manage --` comes to when everything is installed.
const MANAGE = `"${process.execPath}" --conditions=react-server --import "${join(root, "node_modules/tsx/dist/loader.mjs")}" "${join(root, "scripts/manage/main.ts")}"`;

it("the command line of the quick reference runs from the first line to the last", {
  timeout: 180_000,
}, () => {
  const page = readFileSync(join(root, "docs/quick-reference.md"), "utf8");
  const block = /```sh\n(npm run manage .*?)```/s.exec(page)?.[1] ?? "";
  const lines = block.trim().split("\n");
  expect(lines.length).toBeGreaterThan(5);
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-docs-"));
  try {
    writeFileSync(join(folder, "password.txt"), "a long enough password\n");
    const fields = { username: "joan", email: "joan@example.com", password: "!" };
    const joan = {
      model: "auth.user",
      pk: 1,
      fields: { ...fields, date_joined: "2020-01-02T03:04:05Z" },
    };
    writeFileSync(join(folder, "users.json"), JSON.stringify([joan]));
    const script = lines.map((line) =>
      line
        .replace("npm run manage --", `(cd "${root}" && ${MANAGE}`)
        .replace(" users.json", ` ${folder}/users.json`),
    );
    const closed = script.map((line) =>
      line.includes(" < ") ? line.replace(/ < (\S+)$/, `) < ${folder}/$1`) : `${line})`,
    );
    const said = execFileSync("sh", ["-e", "-c", closed.join("\n")], { encoding: "utf8" });
    expect(said).toContain("Created admin ada");
    expect(said).toContain("ada has a new password");
    expect(said).toContain("Took 1 user(s)");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
