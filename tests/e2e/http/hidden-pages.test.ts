// For whom a page does not exist, nothing of it exists. Each of these asks as raw HTTP.
import { beforeAll, expect, test } from "vitest";
import { BRAND } from "@/lib/brand";
import { projectEntries } from "@/scripts/guards/project";
import { newUser } from "@/tests/helpers/people";
import { actionCalls } from "@/tests/support/action-calls";
import { FROM_HERE, withCookie } from "@/tests/support/asking";
import { proveByFactor } from "@/tests/support/factors";
import { idsOf, type MarkedPerson, markedPerson } from "@/tests/support/marked-person";
import { signIn } from "@/tests/support/people";
import type { Asking, RawResponse } from "@/tests/support/raw-request";
import { filled } from "@/tests/support/routes";
import { change } from "@/tests/support/sql";
import { appOf } from "@/tests/support/two-builds";
import { type Form, headerForms } from "@/tests/support/url-forms";

const app = appOf("with the middleware");
const appWithoutMiddleware = appOf("without the middleware");
let person: MarkedPerson;
let visitors: Record<string, string>;

beforeAll(async () => {
  person = await markedPerson(app(), "admin");
  // Some pages are for whoever has just given a second factor.
  await proveByFactor(person.user);
  const disabled = await newUser({ role: "admin" });
  const unproven = await newUser();
  visitors = {
    unproven: await signIn(app(), unproven),
    member: await signIn(app(), await newUser()),
    staff: await signIn(app(), await newUser({ role: "staff" })),
    disabled: await signIn(app(), disabled),
  };
  const longAgo = "authenticated_at = authenticated_at - INTERVAL 1 HOUR";
  await change(`UPDATE sessions SET ${longAgo} WHERE user_id = ?`, [unproven.id]);
  await change("UPDATE users SET status = 'disabled' WHERE id = ?", [disabled.id]);
});

const guarded = projectEntries().filter(
  ({ kind, guard }) => kind === "page" && /^require(Session|Role)/.test(guard ?? ""),
);
const isOfConsole = ({ address }: { address: string }) => address.startsWith("/admin");
const forAdministrators = ({ guard }: { guard: string | null }) => guard?.includes('"admin"');

const asked = (route: string) => filled(route, idsOf(person));

/** Every form of asking for it that reads; Next sends a payload's to its own spelling of the address first. */
function readingForms(path: string): Form[] {
  return headerForms(path).filter(([, { method = "GET" }]) => method === "GET");
}

async function responseTo(
  [path, asking]: Form,
  cookie = "",
  { request } = app(),
): Promise<RawResponse> {
  const whole: Asking = cookie ? withCookie(cookie, asking) : asking;
  const response = await request(path, whole);
  const onward = response.header("location");
  const isSpelling = onward.startsWith(path.split("?")[0] ?? path) && onward.includes("_rsc");
  return isSpelling ? request(onward, whole) : response;
}

/** What a page says to those who may see it, and the 404 does not say: its title, heads and labels. */
async function wordsOf(path: string): Promise<string[]> {
  // Who has just proved it is sent on by the page that asks for the password.
  const cookie = path === "/reauthenticate" ? visitors.unproven : person.cookie;
  const { text, status } = await responseTo([path, {}], cookie);
  if (status !== 200) return [];
  const said = [...text.matchAll(/<(title|h1|h2|th|label|dt|button|option)\b[^>]*>([^<]{3,})</g)];
  const nowhere = await responseTo(["/nothing/here", {}], visitors.member);
  return [...new Set(said.map(([, , words = ""]) => words))].filter(
    (words) => !/\d/.test(words) && !nowhere.text.includes(words),
  );
}

test.each(guarded)("AZ-9: of $address nobody sees a word who may not", async (entry) => {
  const path = asked(entry.address);
  const words = await wordsOf(path);
  const refused = [
    "",
    visitors.disabled,
    ...(isOfConsole(entry) ? [visitors.member] : []),
    ...(forAdministrators(entry) ? [visitors.staff] : []),
  ];
  // The catch-all has no words of its own; each other page shows at least its title.
  expect(words.length > 0).toBe(!entry.address.includes("[..."));
  for (const cookie of refused)
    for (const form of readingForms(path)) {
      const { text, headers } = await responseTo(form, cookie);
      const said = `${JSON.stringify(headers)}\n${text}`;
      const found = words.filter((each) => said.includes(each));
      expect([form, found]).toEqual([form, []]);
    }
});

test("AZ-9: to those who may, each page's own title is shown, in the document and the payload", async () => {
  for (const { address } of guarded.filter((each) => !each.address.includes("[..."))) {
    const path = asked(address);
    const page = await responseTo([path, {}], person.cookie);
    // Who has just proved it is sent on by the page that asks for the password.
    if (page.status !== 200) continue;
    const titles = [...page.text.matchAll(/<title>([^<]*) · [^<]*<\/title>/g)];
    expect([path, titles.length]).toEqual([path, 1]);
    const payload = await responseTo([path, { headers: { RSC: "1" } }], person.cookie);
    expect(payload.text).toContain(`${titles[0]?.[1]} · ${BRAND.name}`);
  }
});

// Addresses that no page was ever at; one within the console, which a member does not have at all.
const NEVER = ["/admin/qqx/qqy", "/qqx/qqy"];

/** Every form of asking for it, and of calling each action of the page at `page` there. */
function everyForm(path: string, page: string): Form[] {
  const calls = actionCalls(app(), idsOf(person)).filter(
    ({ source, form: [to] }) => source.startsWith("app/admin/") && to === page,
  );
  const tree = page
    .split("/")
    .reduceRight<unknown>((children, part) => [part, { children }], ["__PAGE__", {}]);
  const known = { RSC: "1", "Next-Router-State-Tree": encodeURIComponent(JSON.stringify(tree)) };
  return [
    ...headerForms(path),
    [path, { headers: known }],
    ...calls.map(({ form: [, call] }): Form => {
      const headers = { ...call.headers, ...FROM_HERE };
      return [path, { ...call, headers }];
    }),
  ];
}

/** The whole of an answer but what is of this one request, and of the address that it was for. */
function plain({ status, headers, text }: RawResponse, path: string): string {
  const { date: _, ...rest } = headers;
  const parts = JSON.stringify(path.split("/")).slice(1, -2);
  const addresses = [path, encodeURIComponent(path), parts, parts.replaceAll('"', '\\"')];
  return addresses
    .reduce((all, each) => all.replaceAll(each, "ADDRESS"), `${JSON.stringify(rest)}\n${text}`)
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[\w-]{21}(?=[vm]\b)/g, "ID")
    .replace(/^/, `${status} `);
}

const hidden = projectEntries().filter(
  (entry) => isOfConsole(entry) && (entry.kind === "page" || entry.method === "GET"),
);

const answered = new Map<string, Promise<string>>();

/** The same for one that was asked for before: what never was is asked about for every page. */
function plainOnce(
  [path, asking]: Form,
  address: string,
  cookie: string,
  { port, request } = app(),
) {
  const key = JSON.stringify([path, asking, cookie, port]);
  const known =
    answered.get(key) ??
    request(path, withCookie(cookie, asking)).then((response) => plain(response, address));
  answered.set(key, known);
  return known;
}

test.each(hidden)(
  "AZ-9: where $address is for whom it does not exist, it never was",
  async (entry) => {
    const page = asked(entry.address);
    const roles = forAdministrators(entry) ? ["member", "staff"] : ["member"];
    const forms = everyForm(page, page);
    const elsewhere = NEVER.map((never) => [never, everyForm(never, page)] as const);
    for (const build of [app(), appWithoutMiddleware()])
      for (const cookie of roles.map((role) => visitors[role] ?? ""))
        for (const [n, form] of forms.entries()) {
          const response = await plainOnce(form, page, cookie, build);
          for (const [never, same] of elsewhere) {
            const other = await plainOnce(same[n] ?? form, never, cookie, build);
            expect([form, response]).toEqual([form, other]);
          }
        }
    const { status, text } = await responseTo([page, {}], visitors.member);
    expect([status, text]).toEqual([404, expect.stringContaining("There is no page here")]);
  },
);
