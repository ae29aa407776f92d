import { afterAll, beforeAll, expect, test } from "vitest";
import { newUser, signIn } from "@/tests/support/people";
import { type RunningApp, startApp } from "@/tests/support/running-app";

let app: RunningApp;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app.stop());

test("TE-1: x", async () => {
  const user = await newUser();
  const cookie = await signIn(app, user);
  const { status } = await app.request("/api/session", { headers: { Cookie: cookie } });
  expect(status).toBe(200);
  const p = await app.request("/dashboard", { headers: { Cookie: cookie } });
  console.log(p.headers, p.text);
});
