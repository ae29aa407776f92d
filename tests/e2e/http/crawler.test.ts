import { Agent } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { projectEntries } from "@/scripts/guards/project";
import { newUser } from "@/tests/helpers/people";
import { actionCalls } from "@/tests/support/action-calls";
import { FROM_HERE, withCookie } from "@/tests/support/asking";
import { idsOf, type MarkedPerson, markedPerson, tracesIn } from "@/tests/support/marked-person";
import { signIn } from "@/tests/support/people";
import type { RawResponse } from "@/tests/support/raw-request";
import { builtRoutes, filled } from "@/tests/support/routes";
import { appOf, BUILDS } from "@/tests/support/two-builds";
import { type Form, headerForms, urlForms } from "@/tests/support/url-forms";

const AT_ONCE = 16;
const LEAST_FORMS = 30;

let requests = 0;

afterAll(() => console.log(`The crawler made ${requests} requests.`));

describe.each(BUILDS)("%s", (build) => {
  const app = appOf(build);
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  let person: MarkedPerson;
  let dead: string;

  beforeAll(async () => {
    person = await markedPerson(app(), "admin");
    dead = await signIn(app(), person.user);
    await app().request("/api/session", withCookie(dead, { method: "DELETE", headers: FROM_HERE }));
  });

  afterAll(() => agent.destroy());

  /** Every route of the build, with ids of the person where it wants one. */
  function routes(): string[] {
    const { pages, handlers } = builtRoutes(idsOf(person));
    // The middleware leaves the API alone: there, both builds are one. Mails that a site for this
    // machine alone keeps are shown to whoever asks.
    const isTold = (path: string) =>
      !path.startsWith("/dev/") && (build === "with the middleware" || !path.startsWith("/api/"));
    return [...pages, ...handlers].filter(isTold);
  }

  /** Asks in all of these forms; gives what showed a trace of the person. */
  async function crawl(forms: readonly Form[], cookie: string): Promise<string[]> {
    const found: string[] = [];
    const waiting = [...forms];
    const work = async () => {
      for (let form = waiting.pop(); form; form = waiting.pop()) {
        const [path, asking] = form;
        const response = await app().request(path, withCookie(cookie, { ...asking, agent }));
        requests += 1;
        const seen = tracesIn(wholeOf(response), readable(readable(JSON.stringify(form))), person);
        if (seen.length > 0) found.push(`${path} ${JSON.stringify(asking)} shows ${seen}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return found;
  }

  test("AZ-3: a stranger sees no private byte, in whatever form they ask", async () => {
    expect(await crawl(routes().flatMap(urlForms), "")).toEqual([]);
  });

  test("AZ-3: a dead cookie shows no private byte, in whatever form it asks", async () => {
    // Its seal is good: the middleware lets it through, and each page refuses it by itself.
    const forms = build === "with the middleware" ? headerForms : urlForms;
    expect(await crawl(routes().flatMap(forms), dead)).toEqual([]);
  });

  test("AZ-3: a garbage cookie shows no private byte, with whatever headers it asks", async () => {
    expect(await crawl(routes().flatMap(headerForms), "session=garbage")).toEqual([]);
  });

  test.each([
    ["a stranger", () => ""],
    ["a dead cookie", () => dead],
  ])("AZ-3: no server action tells %s anything", async (_, cookie) => {
    const calls = actionCalls(app(), idsOf(person)).map(({ form: [path, asking] }): Form => {
      return [path, { ...asking, headers: { ...asking.headers, ...FROM_HERE } }];
    });
    expect(calls.length).toBeGreaterThan(0);
    expect(await crawl(calls, cookie())).toEqual([]);
  });

  test("AZ-4: another member sees no byte of theirs, with whatever headers they ask", async () => {
    const member = await signIn(app(), await newUser());
    const forms = routes().flatMap(headerForms);
    const reading = forms.filter(([, { method = "GET" }]) => method === "GET");
    expect(await crawl(reading, member)).toEqual([]);
  });

  // Without these, a crawler that finds nothing whatever there is would pass all of the above.
  const guarded = projectEntries().filter(
    ({ kind, guard, address }) => kind === "page" && isGuard(guard) && !address.includes("[..."),
  );
  test.each(guarded)("AZ-3: on $address the person's own are found", async ({ address }) => {
    const path = filled(address, idsOf(person));
    const { status, header } = await app().request(path, withCookie(person.cookie));
    // Some lead on at once, such as the page that asks who has just proved it for the password.
    const shown = status === 200 ? path : header("location");
    expect(await crawl([[shown, {}]], person.cookie)).toHaveLength(1);
  });

  test("AZ-3: in who they are, each of the person's own is found", async () => {
    const [found = ""] = await crawl([["/api/session", {}]], person.cookie);
    for (const trace of ["name", "username", "email", "id", "sessionId"])
      expect(found.split(/ shows |,/)).toContain(trace);
  });
});

test("AZ-3: there are 30 forms of asking and more, none of them twice", () => {
  const forms = urlForms("/admin/users").map((form) => JSON.stringify(form));
  expect(new Set(forms).size).toBe(forms.length);
  expect(forms.length).toBeGreaterThan(LEAST_FORMS);
});

const isGuard = (guard: string | null) => /^require(Session|Role)/.test(guard ?? "");

// What was asked in percent signs, once or twice, may come back without them.
function readable(asked: string): string {
  return asked.replace(/%([2-7][0-9a-f])/gi, (_, code) => String.fromCharCode(Number(`0x${code}`)));
}

function wholeOf({ headers, text }: RawResponse): string {
  return `${JSON.stringify(headers)}\n${text}`;
}
