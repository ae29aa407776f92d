import { beforeAll, expect, test } from "vitest";
import { type Ask, askingWithKinds, type Kind } from "@/tests/support/cookie-kinds";
import { withoutSessionsTable } from "@/tests/support/missing-table";
import type { RawResponse } from "@/tests/support/raw-request";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";

let app: SharedApp;
let ask: Ask;

beforeAll(async () => {
  app = await sharedApp();
  ask = await askingWithKinds(app);
});

/** The pages that can be seen, with who sees them. */
const SEEN: [string, Kind][] = [
  ["/", "no"],
  ["/", "live"],
  ["/sign-in", "no"],
  ["/dashboard", "live"],
  ["/unavailable", "no"],
  ["/nothing", "live"],
];

test.each(SEEN)(
  "HD-3: the scripts of %s for %s cookie carry the nonce of its answer",
  async (path, state) => {
    const response = await ask(path, state);
    const nonce = nonceOf(response);
    const scripts = response.text.match(/<script\b[^>]*>/g) ?? [];
    expect(scripts.length).toBeGreaterThan(1);
    for (const script of scripts) expect(script).toContain(`nonce="${nonce}"`);
    expect(response.text).not.toMatch(/ on[a-z]+="|javascript:/);
  },
);

test("HD-3: the scripts of an error page carry the nonce of its answer", async () => {
  const response = await withoutSessionsTable(() => ask("/dashboard", "live"));
  const scripts = response.text.match(/<script\b[^>]*>/g) ?? [];
  expect(scripts.length).toBeGreaterThan(1);
  for (const script of scripts) expect(script).toContain(`nonce="${nonceOf(response)}"`);
});

test("HD-3: no two answers have the same nonce", async () => {
  const responses = await Promise.all(Array.from({ length: 10 }, () => ask("/sign-in", "no")));
  expect(new Set(responses.map(nonceOf)).size).toBe(10);
});

test.each(SEEN)(
  "HD-3: the policy of %s for %s cookie lets in nothing else",
  async (path, state) => {
    const policy = policyOf(await ask(path, state));
    for (const directive of ["object-src", "base-uri", "frame-ancestors"])
      expect(policy.get(directive)).toBe("'none'");
    expect(policy.get("form-action")).toBe("'self'");
    expect(policy.get("default-src")).toBe("'self'");
    for (const [, sources] of policy) expect(sources).not.toMatch(/unsafe|https?:|\*/);
  },
);

test("HD-3: a nonce that a client sends is not taken", async () => {
  const headers = { "Content-Security-Policy": "script-src 'nonce-evil'" };
  const { text } = await ask("/sign-in", "no", { headers });
  expect(text).not.toContain("evil");
});

function policyOf(response: RawResponse): Map<string, string> {
  const directives = response.header("content-security-policy").split("; ");
  return new Map(directives.map((text) => [text.split(" ")[0] ?? "", text.replace(/^\S+ ?/, "")]));
}

function nonceOf(response: RawResponse): string {
  const nonce = /'nonce-([^']+)'/.exec(policyOf(response).get("script-src") ?? "")?.[1];
  if (!nonce) throw new Error(`no nonce in ${response.header("content-security-policy")}`);
  return nonce;
}
