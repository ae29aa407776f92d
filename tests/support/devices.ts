// Browsers of a user besides the one that a test drives.
import { randomBytes } from "node:crypto";
import { startSession } from "@/lib/session/lifecycle";
import type { TestUser } from "@/tests/helpers/people";
import { given } from "./given";
import { METHODS } from "./signed-in";

const FIREFOX = {
  ipAddress: "192.0.2.7",
  userAgent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0",
};
const IPHONE = {
  ipAddress: "2001:db8::9",
  userAgent:
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
};

/** A browser that nobody else has, on a network of its own. */
export function newDevice() {
  const [a, b, c] = randomBytes(6).toString("hex").match(/.{4}/g) ?? [];
  return { ipAddress: `2${a?.slice(1)}:${b}:${c}::1`, userAgent: "Test/1.0" };
}

/** Signs the user in with a Firefox on Windows; the session's id. */
export const onFirefox = (user: TestUser) => started(user, FIREFOX);

/** Signs the user in with a Safari on an iPhone; the session's id. */
export const onPhone = (user: TestUser) => started(user, IPHONE);

async function started(user: TestUser, device: typeof FIREFOX): Promise<string> {
  const { session } = await given(
    startSession({ user, methods: METHODS, persistent: false, device, replaced: [] }, new Date()),
  );
  return session.id;
}
