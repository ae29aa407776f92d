import "server-only";
import { cookies } from "next/headers";
import { cookieAttributes } from "@/lib/session/cookie";
import {
  deviceCookieMaxAge,
  deviceCookieName,
  type KnownDevice,
  sealDevice,
} from "@/lib/session/device-cookie";

/**
 * Notes in the browser that this user has given their password in it: nobody elsewhere can shut them out
 * here (ASVS 6.1.1). It outlives a sign-out and opens nothing. Only in actions and route handlers.
 */
export async function rememberDevice(
  known: KnownDevice | null,
  userId: number,
  now: Date,
): Promise<void> {
  const value = await sealDevice(known, userId, now);
  (await cookies()).set(deviceCookieName(), value, cookieAttributes(deviceCookieMaxAge()));
}
