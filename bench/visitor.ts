import { randomUUID } from "node:crypto";
import { given } from "@/tests/support/given";

/** The `Cookie` header of somebody who has just been signed in, without a password to hash. */
export async function signedInCookie(): Promise<string> {
  // Not before DATABASE_URL is set: these read it when they are first used.
  const { createUser } = await import("@/lib/users/users");
  const { closeDatabase } = await import("@/lib/db/connection");
  const { sealToken, sessionCookieName } = await import("@/lib/session/cookie");
  const { startSession } = await import("@/lib/session/lifecycle");
  const name = `bench-${randomUUID()}`;
  const now = new Date();
  const person = { username: name, email: `${name}@example.com`, name, role: "member" } as const;
  const user = await given(createUser({ ...person, passwordHash: "none" }, now));
  const device = { ipAddress: "127.0.0.1", userAgent: "bench" };
  const signIn = { user, methods: [], persistent: true, device, replaced: [] };
  const started = await given(startSession(signIn, now));
  await closeDatabase();
  return `${sessionCookieName()}=${await sealToken(started.token, now)}`;
}
