import { ask } from "@/lib/db/ask";
import { isLoopback } from "@/lib/variables";
import { type Check, type Finding, fault, well } from "./check";

const FIX = 'DATABASE_URL=mysql://…/db?ssl={"rejectUnauthorized":true}';

/** Whether the way to a database is safe: by its URLs, and the cipher that a connection has. */
export function tlsFinding(urls: readonly string[], cipher: string): Finding {
  const remote = urls.map((url) => new URL(url)).filter(({ hostname }) => !isLoopback(hostname));
  const [first] = remote;
  if (!first) return well("the database is on this machine");
  if (cipher === "")
    return fault(`what goes to ${first.hostname} can be read and changed on the way`, FIX);
  const isUnchecked = remote.some(({ searchParams }) =>
    /"rejectUnauthorized"\s*:\s*false/.test(searchParams.get("ssl") ?? ""),
  );
  return isUnchecked ? fault("any server's certificate is taken", FIX) : well(cipher);
}

export const TLS_CHECKS: readonly Check[] = [
  {
    id: "tls",
    title: "a database elsewhere is reached by TLS",
    run: async ({ settings: { DATABASE_URL: urls } }) => {
      const [row] = await ask("SHOW SESSION STATUS LIKE 'Ssl_cipher'");
      return tlsFinding(urls, String(row?.Value ?? ""));
    },
  },
];
