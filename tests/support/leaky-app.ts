// An app that keeps its sessions' secrets in clear, as one would that does not hash them: what the
// column `secret_hash` holds, in hex, is what its cookie `session` must say. The same for links: the first 16
// bytes of `token_hash` are a token.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { cookieValues } from "@/lib/session/cookie";
import { rows } from "./sql";

export interface LeakyApp {
  readonly origin: string;
  stop(): Promise<void>;
}

/** Starts it; `isLeaky` false: no row signs anybody in; `opensTo`: a value that always does. */
export async function leakyApp({ isLeaky = true, opensTo = "-" } = {}): Promise<LeakyApp> {
  const server = createServer(async (request, response) => {
    const token = /^\/api\/password-resets\/(.+)$/.exec(request.url ?? "")?.[1];
    if (token !== undefined) {
      const isLink = isLeaky && (await isLinkInTable(token));
      response.writeHead(isLink ? 400 : 404).end();
      return;
    }
    const [value = ""] = cookieValues(request.headers.cookie ?? null, "session");
    const isSignedIn = value === opensTo || (isLeaky && (await isInTable(value)));
    response.writeHead(isSignedIn ? 200 : 401).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A server that listens on a port has an address of that kind.
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://localhost:${port}`,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function isInTable(value: string): Promise<boolean> {
  if (!/^[0-9a-f]{64}$/.test(value)) return false;
  const found = "SELECT 1 FROM sessions WHERE secret_hash = ? AND ended_at IS NULL";
  return (await rows(found, [Buffer.from(value, "hex")])).length > 0;
}

async function isLinkInTable(token: string): Promise<boolean> {
  const found = "SELECT 1 FROM one_time_tokens WHERE LEFT(token_hash, 16) = ?";
  return (await rows(found, [Buffer.from(token, "base64url")])).length > 0;
}
