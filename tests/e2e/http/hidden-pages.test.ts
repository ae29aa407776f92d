// For whom a page does not exist, nothing of it exists. Each of these asks as raw HTTP.
import { afterAll, beforeAll, expect, test } from "vitest";
import { projectEntries } from "@/scripts/guards/project";
import { withCookie } from "@/tests/support/asking";
import { idsOf, type MarkedPerson, markedPerson } from "@/tests/support/marked-person";
import { newUser, signIn } from "@/tests/support/people";
import type { Answer, Asking } from "@/tests/support/raw-request";
import { filled } from "@/tests/support/routes";
import { type RunningApp, startApp } from "@/tests/support/running-app";
import { change } from "@/tests/support/sql";
import { type Form, headerForms } from "@/tests/support/url-forms";

let app: RunningApp;
let person: MarkedPerson;
let visitors: Record<string, string>;

beforeAll(async () => {
  app = await startApp();
  person = await markedPerson(app, "admin");
  const disabled = await newUser({ role: "admin" });
  const unproven = await newUser();
  visitors = {
    unproven: await signIn(app, unproven),
    member: await signIn(app, await newUser()),
    staff: await signIn(app, await newUser({ role: "staff" })),
    disabled: await signIn(app, disabled),
  };
  const longAgo = "authenticated_at = authenticated_at - INTERVAL 1 HOUR";
  await change(`UPDATE sessions SET ${longAgo} WHERE user_id = ?`, [unproven.id]);
  await change("UPDATE users SET status = 'disabled' WHERE id = ?", [disabled.id]);
});

afterAll(() => app.stop());

const locked = projectEntries().filter(
  ({ kind, guard }) => kind === "page" && /^require(Session|Role)/.test(guard ?? ""),
);
const isOfConsole = ({ address }: { address: string }) => address.startsWith("/admin");
const forAdministrators = ({ guard }: { guard: string | null }) => guard?.includes('"admin"');

const asked = (route: string) => filled(route, idsOf(person));

/** Every form of asking for it that reads; Next sends a payload's to its own spelling of the address first. */
function readingForms(path: string): Form[] {
  return headerForms(path).filter(([, { method = "GET" }]) => method === "GET");
}

async function answerTo([path, asking]: Form, cookie = ""): Promise<Answer> {
  const whole: Asking = cookie ? withCookie(cookie, asking) : asking;
  const answer = await app.request(path, whole);
  const onward = answer.header("location");
  const isSpelling = onward.startsWith(path.split("?")[0] ?? path) && onward.includes("_rsc");
  return isSpelling ? app.request(onward, whole) : answer;
}

/** What a page says to those who may see it, and the 404 does not say: its title, heads and labels. */
async function wordsOf(path: string): Promise<string[]> {
  // Who has just proved it is sent on by the page that asks for the password.
  const cookie = path === "/reauthenticate" ? visitors.unproven : person.cookie;
  const { text, status } = await answerTo([path, {}], cookie);
  if (status !== 200) return [];
  const said = [...text.matchAll(/<(title|h1|h2|th|label|dt|button|option)\b[^>]*>([^<]{3,})</g)];
  const nowhere = await answerTo(["/nothing/here", {}], visitors.member);
  return [...new Set(said.map(([, , words = ""]) => words))].filter(
    (words) => !/\d/.test(words) && !nowhere.text.includes(words),
  );
}

test.each(locked)("AZ-9: of $address nobody sees a word who may not", async (entry) => {
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
      const { text, headers } = await answerTo(form, cookie);
      const said = `${JSON.stringify(headers)}\n${text}`;
      const found = words.filter((each) => said.includes(each));
      expect([form, found]).toEqual([form, []]);
    }
});

test("AZ-9: to those who may, each page's own title is shown, in the document and the payload", async () => {
  for (const { address } of locked.filter((each) => !each.address.includes("[..."))) {
    const path = asked(address);
    const page = await answerTo([path, {}], person.cookie);
    // Who has just proved it is sent on by the page that asks for the password.
    if (page.status !== 200) continue;
    const titles = [...page.text.matchAll(/<title>([^<]*) · Gatehouse<\/title>/g)];
    expect([path, titles.length]).toEqual([path, 1]);
    const payload = await answerTo([path, { headers: { RSC: "1" } }], person.cookie);
    expect(payload.text).toContain(`${titles[0]?.[1]} · Gatehouse`);
  }
});
