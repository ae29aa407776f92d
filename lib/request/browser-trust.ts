import "server-only";
import { cookies, headers } from "next/headers";
import type { Device } from "@/lib/device";
import { settings } from "@/lib/env";
import { type BrowserTrust, TRUSTED_SECONDS, trustBrowser } from "@/lib/factors/trusted-browsers";
import { seal, unseal } from "@/lib/seal";
import { cookieAttributes, cookieValues, prefixed } from "@/lib/session/cookie";

const MOST_ACCOUNTS = 5;

interface Payload {
  readonly b: readonly (readonly [id: string, secret: string])[];
}

function trustCookieName(): string {
  return prefixed(`${settings().SESSION_COOKIE_NAME}-trust`);
}

/** What this browser holds of being trusted, by up to five accounts. */
export async function currentTrust(): Promise<readonly BrowserTrust[]> {
  const [value] = cookieValues((await headers()).get("cookie"), trustCookieName());
  const { b } = (value ? await unseal<Payload>("trust", value) : null) ?? {};
  return Array.isArray(b) ? b.map(([id, secret]) => ({ id: `${id}`, secret: `${secret}` })) : [];
}

/** Trusts this browser for 30 days, and has it keep that. Only in actions and route handlers. */
export async function trustThisBrowser(userId: number, device: Device, now: Date): Promise<void> {
  const made = await trustBrowser(userId, device, now);
  const all = [made, ...(await currentTrust())].slice(0, MOST_ACCOUNTS);
  const payload: Payload = { b: all.map(({ id, secret }) => [id, secret]) };
  const value = await seal("trust", payload, TRUSTED_SECONDS);
  (await cookies()).set(trustCookieName(), value, cookieAttributes(TRUSTED_SECONDS));
}
