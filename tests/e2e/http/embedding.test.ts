import { beforeAll, describe, expect, test } from "vitest";
import { newUser, type TestUser } from "@/tests/helpers/people";
import { FROM_HERE, withCookie } from "@/tests/support/asking";
import { signIn } from "@/tests/support/people";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";

let app: SharedApp;
let user: TestUser;
let cookie: string;

beforeAll(async () => {
  app = await sharedApp();
  user = await newUser();
  cookie = await signIn(app, user);
});

const PRIVATE = ["/api/session", "/dashboard"];
const TAGS = ["script", "image", "style", "iframe", "frame", "embed", "object", "video", "worker"];

const askedFor = (path: string, destination: string) =>
  app.request(path, withCookie(cookie, { headers: { "Sec-Fetch-Dest": destination } }));

describe.each(PRIVATE)("%s", (path) => {
  test.each(TAGS)("CS-8: is not for a tag of kind %s", async (tag) => {
    const response = await askedFor(path, tag);
    expect(response.status).toBe(403);
    expect(response.text).not.toContain(user.email);
  });

  test.each(["document", "empty"])("CS-8: is for a person or a script of ours: %s", async (own) => {
    const response = await askedFor(path, own);
    expect([response.status, response.text.includes(user.email)]).toEqual([200, true]);
  });

  test("CS-8: is kept from other sites' pages by its own header", async () => {
    const response = await app.request(path, withCookie(cookie));
    expect(response.header("cross-origin-resource-policy")).toBe("same-origin");
  });
});

const CLEARS = '"cache", "storage"';

describe("the end of a session", () => {
  test("HD-7: signing out has the browser drop what it kept", async () => {
    const mine = await signIn(app, user);
    const asking = { method: "DELETE", headers: FROM_HERE };
    const response = await app.request("/api/session", withCookie(mine, asking));
    expect(response.header("clear-site-data")).toBe(CLEARS);
  });

  test("HD-7: so does the way out of a session that is over", async () => {
    const mine = await signIn(app, user);
    await app.request("/api/session", withCookie(mine, { method: "DELETE", headers: FROM_HERE }));
    const response = await app.request("/session/ended", withCookie(mine));
    expect(response.header("clear-site-data")).toBe(CLEARS);
  });

  test("HD-7: nothing else does", async () => {
    const responses = [
      await app.request("/sign-in"),
      await app.request("/dashboard", withCookie(cookie)),
      await app.request("/api/session", withCookie(cookie)),
      await app.request("/session/ended", withCookie(cookie)),
    ];
    expect(responses.map((response) => response.header("clear-site-data"))).toEqual([
      "",
      "",
      "",
      "",
    ]);
  });
});
