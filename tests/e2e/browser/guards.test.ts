import { describe, expect, test } from "vitest";
import { newUser, PASSWORD } from "@/tests/helpers/people";
import { FROM_HERE, withCookie } from "@/tests/support/asking";
import { hiddenFields, multipart } from "@/tests/support/forms";
import { signIn } from "@/tests/support/people";
import type { Asking } from "@/tests/support/raw-request";
import { builtRoutes } from "@/tests/support/routes";
import { change, number } from "@/tests/support/sql";
import { appOf } from "@/tests/support/two-builds";

// What answers whoever asks; everything else has to be guarded.
const PUBLIC_PAGES = [
  "/",
  "/sign-in",
  "/sign-up",
  "/forgot-password",
  "/unavailable",
  // What mails lead to: whoever opens a link has no session.
  "/reset-password",
  "/verify-email",
  "/invitation",
  "/not-me",
  "/take-back",
  // On a site that is for its own machine alone.
  "/dev/mail",
];
const PUBLIC_HANDLERS = [
  "/api/health/live",
  "/api/health/ready",
  "/api/openapi.json",
  "/icon.svg",
  "/favicon.ico",
];

const { pages, handlers } = builtRoutes();
const guardedPages = pages.filter((path) => !PUBLIC_PAGES.includes(path));
const guardedHandlers = handlers.filter((path) => !PUBLIC_HANDLERS.includes(path));

describe("without the middleware", () => {
  const app = appOf("without the middleware");

  async function cookieOf(state: string): Promise<string> {
    if (state === "garbage") return "session=garbage";
    const user = await newUser();
    const cookie = await signIn(app(), user);
    await change("DELETE FROM sessions WHERE user_id = ?", [user.id]);
    return cookie;
  }

  const ASKINGS: [string, string, Asking][] = [
    ["the page", "", {}],
    ["its payload", "?_rsc", { headers: { RSC: "1" } }],
  ];
  const askedFor = guardedPages.flatMap((page) =>
    ASKINGS.map(([kind, query, asking]) => ({ path: page + query, kind, asking })),
  );

  test("AZ-1: it is the build that has none", async () => {
    // Its status is the middleware's.
    expect((await app().request("/unavailable")).status).toBe(200);
  });

  test("AZ-1: there are guarded pages and handlers to ask for", () => {
    expect([guardedPages.length, guardedHandlers.length].every((count) => count > 0)).toBe(true);
  });

  test.each(askedFor)("AZ-1: $path sends a stranger who asks for $kind to sign in", async (it) => {
    const response = await app().request(it.path, it.asking);
    expect(response.text + response.header("location")).toContain("/sign-in");
    expect(response.text).not.toContain("Sign out");
  });

  test.each(askedFor.flatMap((it) => ["dead", "garbage"].map((state) => ({ ...it, state }))))(
    "AZ-1: $path refuses a $state cookie that asks for $kind",
    async ({ path, asking, state }) => {
      const response = await app().request(path, withCookie(await cookieOf(state), asking));
      expect(response.text + response.header("location")).toContain("/session/ended");
      expect(response.text).not.toContain("Sign out");
    },
  );

  const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];
  test.each(guardedHandlers.flatMap((path) => METHODS.map((method) => [method, path] as const)))(
    "AZ-1: %s %s does nothing for strangers",
    async (method, path) => {
      // Signing out when nobody is signed in is done already.
      const isDone = method === "DELETE" && path === "/api/session";
      for (const state of ["none", "dead", "garbage"]) {
        const asking = { method, headers: FROM_HERE };
        const cookie = state === "none" ? "" : await cookieOf(state);
        const { status } = await app().request(path, withCookie(cookie, asking));
        expect(isDone ? status === 204 : status >= 300, `${state}: ${status}`).toBe(true);
      }
    },
  );

  test("AZ-1: programs that ask who is there are answered 401", async () => {
    const states = ["none=", await cookieOf("dead"), await cookieOf("garbage")];
    for (const cookie of states)
      expect((await app().request("/api/session", withCookie(cookie))).status).toBe(401);
  });

  test("AZ-1: signing in by the form is refused to a request from elsewhere", async () => {
    const user = await newUser();
    const hidden = hiddenFields((await app().request("/sign-in")).text, "Sign in");
    const fields = [["identifier", user.username] as const, ["password", PASSWORD] as const];
    const form = multipart([...hidden, ...fields]);
    const post = (site: Record<string, string>) =>
      app().request("/sign-in", {
        method: "POST",
        headers: { ...form.headers, ...site },
        body: form.body,
      });
    expect((await post({ "Sec-Fetch-Site": "cross-site" })).setCookies).toEqual([]);
    expect((await post({})).setCookies).toEqual([]);
    expect(await number("SELECT count(*) FROM sessions WHERE user_id = ?", [user.id])).toBe(0);
    expect((await post(FROM_HERE)).setCookies).not.toEqual([]);
  });

  test("AZ-1: signing out by the button is refused to a request from elsewhere", async () => {
    const user = await newUser();
    const cookie = await signIn(app(), user);
    const page = await app().request("/dashboard", withCookie(cookie));
    const form = multipart(hiddenFields(page.text, "Sign out"));
    const post = (site: Record<string, string>) =>
      app().request(
        "/dashboard",
        withCookie(cookie, {
          method: "POST",
          headers: { ...form.headers, ...site },
          body: form.body,
        }),
      );
    const live = () =>
      number("SELECT count(*) FROM sessions WHERE user_id = ? AND ended_at IS NULL", [user.id]);
    await post({ "Sec-Fetch-Site": "cross-site" });
    await post({});
    expect(await live()).toBe(1);
    await post(FROM_HERE);
    expect(await live()).toBe(0);
  });
});
