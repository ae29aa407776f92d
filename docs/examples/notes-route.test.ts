import { expect, it, vi } from "vitest";
import { responseOf } from "@/tests/helpers/next-request";
import { newUser } from "@/tests/helpers/people";
import { expectEnded, letTimePass, signInAs } from "@/tests/helpers/sessions";
import { DELETE, GET } from "./notes-route";

// A handler asks Next for cookies and headers: here it gets those that the test gives.
vi.mock("next/headers", () => import("@/tests/helpers/next-request"));
vi.mock("next/server", () => import("@/tests/helpers/next-request"));

const DAY_SECONDS = 86_400;

it("shows whose notes they are", async () => {
  const user = await newUser();
  const { cookie } = await signInAs(user);
  const { status, text } = await responseOf(GET, { cookie });
  expect([status, JSON.parse(text)]).toEqual([200, { notesOf: user.username }]);
});

it("is nothing for strangers, and lets staff alone delete", async () => {
  expect((await responseOf(GET)).status).toBe(401);
  const member = await signInAs(await newUser());
  const staff = await signInAs(await newUser({ role: "staff" }));
  const deleteAs = (cookie: string) => responseOf(DELETE, { method: "DELETE", cookie });
  expect((await deleteAs(member.cookie)).status).toBe(403);
  expect((await deleteAs(staff.cookie)).status).toBe(200);
});

it("is over after two weeks without a request", async () => {
  const session = await signInAs(await newUser());
  await letTimePass(session, 14 * DAY_SECONDS);
  expect((await responseOf(GET, { cookie: session.cookie })).status).toBe(401);
  await expectEnded(session, "idle");
});
