import { expect, it } from "vitest";
import { closureOf, projectSources } from "../../support/sources";

const sources = projectSources();

const LOOK_UPS = ["findByIdentifier", "findByEmail", "findUser"];

// What they tell comes by mail alone: the page answers the same, in the same time.
const ANSWERS_BY_MAIL = [
  "lib/accounts/email-address.ts",
  "lib/accounts/forgotten-password.ts",
  "lib/accounts/sign-up.ts",
];

const importersOf = (name: string, from: string) =>
  sources
    .filter(({ imports }) =>
      imports.some((each) => each.from === from && each.names.includes(name)),
    )
    .map(({ path }) => path);

it("AU-7: sessions are started in one place, behind one proof of who it is", () => {
  const door = ["lib/request/sign-in.ts"];
  expect(importersOf("startSession", "lib/session/lifecycle")).toEqual(door);
  expect(importersOf("proveByName", "lib/auth/methods")).toEqual(door);
  expect(importersOf("signIn", "lib/request/sign-in").sort()).toEqual([
    "app/api/session/route.ts",
    "app/sign-in/actions.ts",
  ]);
});

it("AU-7: every password of an account that exists is verified behind the throttle", () => {
  expect(importersOf("verifyPassword", "lib/auth/password")).toEqual([]);
  expect(importersOf("proveByPassword", "lib/auth/password")).toEqual(["lib/auth/methods.ts"]);
  expect(importersOf("tryPassword", "lib/auth/password-attempt")).toEqual(["lib/auth/methods.ts"]);
});

it("AU-2: nothing but the sign-in, and what answers by mail, looks an account up by what a stranger gives", () => {
  // What says no to every method that an address does not have looks nobody up.
  const refusal = /withoutSession\(async \(request\) => otherMethod\(request, \[[^\]]*\]\)\)/g;
  const isOpen = (text: string) =>
    /\b(anyVisitor|redirectIfSignedIn|withoutSession)\(/.test(text) ||
    (/\brequireSameOrigin\(/.test(text) && !/\brequire(Session|Role|RecentProof)\(/.test(text));
  const strangers = sources.filter(
    ({ path, text }) => path.startsWith("app/") && isOpen(text.replace(refusal, "")),
  );
  const reached = strangers.flatMap(({ path }) =>
    closureOf(path, sources)
      .filter(({ imports }) =>
        imports.some(({ names }) => LOOK_UPS.some((each) => names.includes(each))),
      )
      .map((each) => each.path),
  );
  expect([...new Set(reached)].sort()).toEqual([...ANSWERS_BY_MAIL, "lib/auth/methods.ts"]);
});
