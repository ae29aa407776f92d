import { beforeAll, expect, test } from "vitest";
import { newUser } from "@/tests/helpers/people";
import { FROM_HERE } from "@/tests/support/asking";
import { hiddenFields, multipart } from "@/tests/support/forms";
import type { RawResponse } from "@/tests/support/raw-request";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";

const PAIRS = 60;
const LEAST = 0.95;
const MOST = 1.05;

let app: SharedApp;
beforeAll(async () => {
  // Each try comes from another network: none is held back.
  app = await sharedApp({
    SIGN_UP: "open",
    TRUST_PROXY: "1",
    SMTP_URL: "smtp://127.0.0.1:1",
    MAIL_FROM: "no-reply@example.com",
  });
});

let networks = 0;

interface Timed {
  readonly response: RawResponse;
  readonly ms: number;
}

async function sent(path: string, button: string, fields: [string, string][]): Promise<Timed> {
  const hidden = hiddenFields((await app.request(path)).text, button);
  const form = multipart([...hidden, ...fields]);
  networks += 1;
  const address = `10.${networks >> 16}.${(networks >> 8) & 255}.${networks & 255}`;
  const headers = { ...form.headers, ...FROM_HERE, "X-Forwarded-For": address };
  const begun = performance.now();
  const response = await app.request(path, { method: "POST", headers, body: form.body });
  return { response, ms: performance.now() - begun };
}

const unknown = () => `u${crypto.randomUUID().slice(0, 12)}`;

const askForLink = (identifier: string) =>
  sent("/forgot-password", "Send me a link", [["identifier", identifier]]);

const PHRASE = "seven geese in a stone garden";
const signUp = (username: string, email: string) =>
  sent("/sign-up", "Sign up", [
    ["username", username],
    ["email", email],
    ["name", ""],
    ["newPassword", PHRASE],
    ["confirmPassword", PHRASE],
  ]);

const CASES: [what: string, known: () => Promise<Timed>, unknown: () => Promise<Timed>][] = [
  [
    "/forgot-password by a user name",
    async () => askForLink((await newUser()).username),
    () => askForLink(unknown()),
  ],
  [
    "/forgot-password by an address",
    async () => askForLink((await newUser()).email),
    () => askForLink(`${unknown()}@example.com`),
  ],
  [
    "/sign-up with an address",
    async () => signUp(unknown(), (await newUser()).email),
    () => signUp(unknown(), `${unknown()}@example.com`),
  ],
  [
    "/sign-up with a user name",
    async () => signUp((await newUser()).username, `${unknown()}@example.com`),
    () => signUp(unknown(), `${unknown()}@example.com`),
  ],
];

test.each(CASES)("ML-6: %s, known and unknown", async (what, known, strange) => {
  await known();
  const pairs: [Timed, Timed][] = [];
  for (let n = 0; n < PAIRS; n += 1) pairs.push([await known(), await strange()]);
  const seen = pairs.flat().map(({ response }) => tellingOf(response));
  expect(new Set(seen).size).toBe(1);
  const ratio = median(pairs.map(([one]) => one.ms)) / median(pairs.map(([, other]) => other.ms));
  console.log(`ML-6: ${what}: known ÷ unknown ${ratio.toFixed(3)}, medians of ${PAIRS}`);
  expect(ratio).toBeGreaterThan(LEAST);
  expect(ratio).toBeLessThan(MOST);
});

// All but what is another for each response, whoever it is about.
function tellingOf({ status, headers, text }: RawResponse): string {
  const { date: _, "x-request-id": __, ...told } = headers;
  return JSON.stringify([status, told, text]).replace(/nonce-[^' "]+/g, "nonce");
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
