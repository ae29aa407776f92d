// Django's own session tests (tests/sessions_tests/tests.py), by their names: what each comes to
// here. Those that do not apply stand in docs/conformance.md with the reason.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { closeHashingThreads } from "@/lib/auth/password-threads";
import { root } from "@/scripts/root";
import { DATA_ROWS } from "./django/data";
import { REQUEST_ROWS } from "./django/requests";
import { ROW_ROWS } from "./django/rows";

vi.mock("next/headers", () => import("@/tests/helpers/next-request"));
vi.mock("next/server", () => import("@/tests/helpers/next-request"));
afterAll(closeHashingThreads);

const NAMES = `
  new_session get_empty store pop pop_default pop_default_named_argument pop_no_default_keyerror
  setdefault update has_key values keys items clear save delete flush cycle
  cycle_with_no_session_cache save_doesnt_clear_data invalid_key session_key_empty_string_invalid
  session_key_too_short_invalid session_key_valid_string_saved session_key_is_read_only
  default_expiry custom_expiry_seconds custom_expiry_timedelta custom_expiry_datetime
  custom_expiry_reset get_expire_at_browser_close actual_expiry decode
  decode_failure_logged_to_security decode_serializer_exception
  session_load_does_not_create_record
  session_save_does_not_resurrect_session_logged_out_in_other_context session_str
  session_get_decoded sessionmanager_save clearsessions_command extra_session_field
  exists_searches_cache_first load_overlong_key secure_session_cookie httponly_session_cookie
  samesite_session_cookie no_httponly_session_cookie session_save_on_500 session_save_on_5xx
  session_update_error_redirect session_delete_on_end
  session_delete_on_end_with_custom_domain_and_path
  flush_empty_without_session_cookie_doesnt_set_cookie empty_session_saved
  clearsessions_unsupported`
  .trim()
  .split(/\s+/);

const ROWS = [...DATA_ROWS, ...ROW_ROWS, ...REQUEST_ROWS];
const page = readFileSync(join(root, "docs/conformance.md"), "utf8");
const [, excuses = ""] = page.split("Those that do not apply:");
const excused = [...excuses.matchAll(/^\| `(\w+)` \| (.+) \|$/gm)];

it.each(ROWS)("conformance/django/%s: %s", (_name, _behaviour, proof) => proof());

describe("conformance/django", () => {
  it("every name is proved here or excused in docs/conformance.md, and none is both", () => {
    const answered = [...ROWS.map(([name]) => name), ...excused.map(([, name]) => name)];
    expect(answered.toSorted()).toEqual(NAMES.toSorted());
  });

  it("every excuse has a reason of some words", () => {
    expect(excused.length).toBeGreaterThan(0);
    for (const [, name, reason = ""] of excused)
      expect(reason.split(" ").length, name).toBeGreaterThan(4);
  });

  it("docs/conformance.md counts right", () => {
    const counts = `${NAMES.length} tests: ${ROWS.length} apply`;
    expect(page).toContain(`${counts}, ${excused.length} do not`);
  });
});
