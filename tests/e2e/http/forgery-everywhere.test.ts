import { beforeAll, describe, expect, test } from "vitest";
import type { Entry } from "@/scripts/guards/entry";
import { projectEntries } from "@/scripts/guards/project";
import { actionCalls } from "@/tests/support/action-calls";
import { FROM_HERE, withCookie } from "@/tests/support/asking";
import { FORGED } from "@/tests/support/forged-headers";
import { idsOf, type MarkedPerson, markedPerson } from "@/tests/support/marked-person";
import type { RawResponse } from "@/tests/support/raw-request";
import { filled } from "@/tests/support/routes";
import { sumsOfAllTables } from "@/tests/support/sql";
import { appOf, BUILDS } from "@/tests/support/two-builds";
import type { Form } from "@/tests/support/url-forms";

type Headers = Record<string, string | string[]>;

// Whatever changes something, as the gate lists it: a new one is tested from its first day.
const CHANGING = projectEntries()
  .filter(({ kind, method }) => kind === "action" || /^(POST|PUT|PATCH|DELETE)$/.test(method))
  .filter(({ guard }) => !/^40[45] for everybody$/.test(guard ?? ""))
  .map((entry): [string, Entry] => [`${entry.method} ${entry.address}`.trim(), entry]);

const WORDS = "did not come from a page of this site";

describe.each(BUILDS)("%s", (build) => {
  const app = appOf(build);
  let person: MarkedPerson;

  beforeAll(async () => {
    person = await markedPerson(app(), "admin");
  });

  /** Where and how that entry is asked. */
  function formOf({ method, address, source, kind }: Entry): Form {
    const fill = idsOf(person);
    if (kind === "handler") {
      const json = { "Content-Type": "application/json" };
      return [filled(address, fill), { method, headers: json, body: "{}" }];
    }
    const calls = actionCalls(app(), fill);
    const call = calls.find((one) => one.source === source && one.name === address);
    if (!call) throw new Error(`${address} of ${source} was not built`);
    return call.form;
  }

  async function ask(entry: Entry, headers: Headers, cookie = person.cookie): Promise<RawResponse> {
    const [path, asking] = formOf(entry);
    // The browser that the session is known by: another one would rightly be noted.
    const browser = { "User-Agent": `Mozilla/5.0 ${person.traces.agent}` };
    const sent = { ...browser, ...asking.headers, ...headers };
    return app().request(path, withCookie(cookie, { ...asking, headers: sent }));
  }

  test.each(CHANGING)(
    "CS-1: %s is refused with every forged header, and nothing changes",
    async (_, entry) => {
      const before = await sumsOfAllTables();
      const passed: unknown[] = [];
      for (const [id, words, headers] of FORGED) {
        const { status, setCookies } = await ask(entry, headers(new URL(app().origin)));
        if (status !== 403 || setCookies.length > 0) passed.push([id, words, status, setCookies]);
      }
      expect(passed).toEqual([]);
      expect(await sumsOfAllTables()).toEqual(before);
    },
  );

  // Without this, a door that is always shut would pass all of the above.
  test.each(CHANGING)("CS-1: %s is not refused to a page of ours", async (_, entry) => {
    const own = await markedPerson(app(), "admin");
    const response = await ask(entry, { ...FROM_HERE, Origin: app().origin }, own.cookie);
    expect(response.text).not.toContain(WORDS);
    expect(response.status).not.toBe(403);
  });
});

test("CS-1: there are actions and handlers to ask, and 12 forged headers and more", () => {
  expect(CHANGING.some(([, { kind }]) => kind === "action")).toBe(true);
  expect(CHANGING.some(([, { kind }]) => kind === "handler")).toBe(true);
  expect(FORGED.length).toBeGreaterThan(12);
});
