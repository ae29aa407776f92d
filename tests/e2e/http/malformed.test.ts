// More of them, and others: FUZZ_REQUESTS=5000 FUZZ_SEED=7 npm run test:e2e -- tests/e2e/http/malformed.test.ts
import { beforeAll, describe, expect, test } from "vitest";
import { newUser } from "@/tests/helpers/people";
import { actionCalls } from "@/tests/support/action-calls";
import { FROM_HERE, withCookie } from "@/tests/support/asking";
import { type Known, type Malformed, malformedRequests } from "@/tests/support/malformed";
import { withoutSessionsTable } from "@/tests/support/missing-table";
import { signIn } from "@/tests/support/people";
import { type Asking, rawBytes } from "@/tests/support/raw-request";
import { appOf, BUILDS } from "@/tests/support/two-builds";

const COUNT = Number(process.env.FUZZ_REQUESTS ?? 400);
const SEED = Number(process.env.FUZZ_SEED ?? 1);
const MILLISECONDS_EACH = 300;

const PAGES = [
  "/icon.svg/x",
  "/favicon.ico/x",
  "/favicon.icon",
  "/_next/image/x",
  "/_next/nothing",
];
const IMAGE = "/_next/image?url=%2Ficon.svg&w=64&q=75";

/** Whether an answer has a policy: that of a page, which lets our scripts run, or nothing at all. */
function policyFits(head: string): boolean {
  const isPage = /^content-type: *text\/html/im.test(head);
  const [, policy = ""] = /^content-security-policy: *(.*)$/im.exec(head) ?? [];
  return policy.startsWith(isPage ? "default-src 'self'; script-src" : "default-src 'none'");
}

describe.each(BUILDS)("%s", (build) => {
  const app = appOf(build);
  let known: Known;

  beforeAll(async () => {
    const { port, origin } = app();
    const cookie = await signIn(app(), await newUser({ role: "admin" }));
    const calls = actionCalls(app(), () => "1");
    const actions = calls.map(({ form: [path, { headers }] }) => {
      return { path, id: String(headers?.["Next-Action"]) };
    });
    known = { port, origin, cookie, actions };
  });

  async function faultOf({ bytes, isReadable, isCut }: Malformed): Promise<string | null> {
    const response = await rawBytes(app().port, bytes, isCut).catch(() => "");
    const status = Number(/^HTTP\/1\.1 (\d+)/.exec(response)?.[1] ?? 0);
    const [head = ""] = response.split("\r\n\r\n");
    // Node writes its own 400 and 405 without a head of ours.
    const isBare = /^x-request-id:/im.test(head) && !policyFits(head);
    const isWrong = status >= 500 || isBare || (status === 0 && isReadable);
    return isWrong ? `${bytes.slice(0, 2_000)}\n→ ${head}` : null;
  }

  test(
    `HD-9: of ${COUNT} malformed requests none is answered 500, and each answer has its policy`,
    async () => {
      // What breaks off is not there any more to see its answer.
      const broken = () =>
        app()
          .log()
          .split("\n")
          .filter((line) => /"status":5\d\d/.test(line));
      const before = broken().length;
      const faults: (string | null)[] = [];
      for (const malformed of malformedRequests(COUNT, SEED, known))
        faults.push(await faultOf(malformed));
      expect(faults.filter((fault) => fault !== null)).toEqual([]);
      expect((await app().request("/api/health/live")).status).toBe(200);
      expect(broken().slice(before)).toEqual([]);
    },
    COUNT * MILLISECONDS_EACH,
  );

  test.each([...PAGES, IMAGE, "/_error", "/_global-error"])(
    "HD-9: %s has a policy if it is a page, and its scripts the nonce",
    async (path) => {
      for (const asking of [{}, withCookie(known.cookie)]) {
        const response = await app().request(path, asking);
        expect(response.status).toBeLessThan(500);
        if (!response.header("content-type").includes("html")) continue;
        const nonce = /'nonce-([^']+)'/.exec(response.header("content-security-policy"))?.[1];
        expect(nonce).toMatch(/\w/);
        for (const script of response.text.match(/<script\b[^>]*>/g) ?? [])
          expect(script).toContain(`nonce="${nonce}"`);
      }
    },
  );

  test("HD-9: a form or a call that Next cannot read is 400 in words", async () => {
    const [action] = known.actions.filter(({ path }) => path === "/sign-in");
    const call = { ...FROM_HERE, "Next-Action": action?.id ?? "" };
    const unreadable: Asking[] = [
      {
        method: "POST",
        headers: { ...FROM_HERE, "Content-Type": "multipart/form-data" },
        body: "x",
      },
      { method: "POST", headers: { ...call, "Content-Type": "text/plain" }, body: "[" },
      { method: "POST", headers: { ...call, "Content-Type": "text/plain" }, body: "[null,{}]" },
      { method: "POST", headers: { ...call, "Content-Type": "text/plain" }, body: '["$K1",1]' },
      { method: "POST", headers: { ...call, "Content-Type": "multipart/form-data" }, body: "x" },
    ];
    for (const asking of unreadable) {
      const { status, text, header } = await app().request("/sign-in", asking);
      expect([asking, status, text]).toEqual([asking, 400, "This request cannot be read."]);
      expect(header("content-type")).toBe("text/plain; charset=utf-8");
    }
  });

  test.each(["/", "/api/session", "/%", "/_next/hmr", "/_next/webpack-hmr"])(
    "HD-9: a request to change the protocol at %s is a plain one, and its connection ends",
    async (path) => {
      const upgrade = "Connection: Upgrade, close\r\nUpgrade: websocket";
      const bytes = `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${upgrade}\r\n\r\n`;
      const response = await rawBytes(app().port, bytes);
      expect(response).toMatch(/^HTTP\/1\.1 [2-4]/);
      expect(response).toMatch(/^content-security-policy:/im);
    },
  );

  test("HD-9: what goes wrong on our side is still 500", async () => {
    const response = await withoutSessionsTable(() =>
      app().request("/dashboard", withCookie(known.cookie)),
    );
    expect(response.status).toBe(500);
  });

  test.each(["GET", "HEAD", "POST", "DELETE", "OPTIONS"])(
    "IN-1: %s of the root of the API is 404 as a problem",
    async (method) => {
      for (const path of ["/api", "/api/", "/api?x", "/api/?x"]) {
        const response = await app().request(path, { method, headers: FROM_HERE });
        expect([path, response.status]).toEqual([path, 404]);
        expect(response.header("content-type")).toBe("application/problem+json; charset=utf-8");
        if (method !== "HEAD") expect(response.json()).toMatchObject({ status: 404 });
      }
    },
  );
});
