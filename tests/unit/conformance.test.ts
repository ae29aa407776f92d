// docs/conformance.md says which test holds what Django's auth tests hold. (Its table of Django's
// session tests is held by those tests themselves.)
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "@/scripts/root";

const FILES_OF_DJANGO = [
  "test_middleware",
  "test_basic",
  "test_signals",
  "test_login, redirect safety",
  "LoginRedirectAuthenticatedUser",
  "LoginURLSettings, RedirectToLogin",
  "Logout",
  "PasswordReset",
  "ChangePassword, SessionAuthentication",
  "Changelist",
  "test_tokens",
  "test_auth_backends",
  "test_decorators, test_mixins",
  "test_forms",
  "test_hashers",
  "test_validators",
  "test_management",
  "test_remote_user",
  "test_models, test_checks",
];

const page = readFileSync(join(root, "docs/conformance.md"), "utf8");
const [, section = ""] = page.split("## Django's auth tests");
const ROWS = [...section.matchAll(/^\| (.+?) \| (.+?) \| (.+) \|$/gm)]
  .map(([, file = "", behaviour = "", here = ""]) => ({ file, behaviour, here }))
  .slice(2);

const NOT = "does not apply: ";
const excused = ROWS.filter(({ here }) => here.startsWith(NOT));
const held = ROWS.filter(({ here }) => !here.startsWith(NOT));

describe("conformance/django-auth", () => {
  it("each of Django's files has its behaviours, and each behaviour stands there once", () => {
    expect([...new Set(ROWS.map(({ file }) => file))]).toEqual(FILES_OF_DJANGO);
    const all = ROWS.map(({ file, behaviour }) => `${file}: ${behaviour}`);
    expect(all).toEqual([...new Set(all)]);
  });

  it.each(held)("$file: $behaviour: the tests that hold it are there, by title", ({ here }) => {
    for (const proof of here.split("<br>")) {
      const [, title = "", file = ""] = /^(.+) \(`([\w/-]+\.test\.ts)`\)$/.exec(proof) ?? [];
      const path = join(root, "tests", file);
      expect(file !== "" && existsSync(path), proof).toBe(true);
      const text = readFileSync(path, "utf8");
      expect(
        ['"', "`"].some((quote) => text.includes(quote + title + quote)),
        proof,
      ).toBe(true);
    }
  });

  it("what does not apply has a reason of some words", () => {
    expect(excused.length).toBeGreaterThan(0);
    for (const { behaviour, here } of excused)
      expect(here.slice(NOT.length).split(" ").length, behaviour).toBeGreaterThan(5);
  });

  it("docs/conformance.md counts right", () => {
    const counts = `${ROWS.length} behaviours: ${held.length} apply`;
    expect(section).toContain(`${counts}, ${excused.length} do not`);
  });
});
