import "server-only";
import { headers } from "next/headers";
import { type Device, deviceFrom } from "@/lib/device";
import { settings } from "@/lib/env";
import { BACKGROUND_HEADER, PATH_HEADER, PEER_HEADER } from "@/lib/request/own-headers";
import { safeReturnTo } from "@/lib/request/return-to";

/** The device that a request comes from. */
export async function currentDevice(): Promise<Device> {
  const requestHeaders = await headers();
  return deviceFrom(clientAddress(requestHeaders), requestHeaders.get("user-agent") ?? "");
}

/**
 * The client's address: with `TRUST_PROXY` proxies in front, as many from the right of
 * `X-Forwarded-For`; what stands further left the client wrote itself (ASVS 4.1.3). With none,
 * the other end of the connection. Empty when it is not known.
 */
export function clientAddress(requestHeaders: Headers): string {
  const { TRUST_PROXY: proxies } = settings();
  const forwarded = (requestHeaders.get("x-forwarded-for") ?? "").split(",");
  const address = proxies > 0 ? forwarded.at(-proxies) : requestHeaders.get(PEER_HEADER);
  return (address ?? "").trim().replace(/^::ffff:(?=\d+\.)/, "");
}

/** Whether nobody did this: a prefetch, or a poll that says so. It does not count as activity. */
export function isBackground(requestHeaders: Headers): boolean {
  return requestHeaders.get(BACKGROUND_HEADER) === "1";
}

/** The host that the request names, without its port; empty where that is none. */
export async function requestedHostname(): Promise<string> {
  const origin = `http://${(await headers()).get("host")}`;
  return URL.canParse(origin) ? new URL(origin).hostname : "";
}

/** The path and query that this request asked for, as it was noted when it came. */
export async function currentPath(): Promise<string> {
  return safeReturnTo((await headers()).get(PATH_HEADER));
}
