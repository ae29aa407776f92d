// What a request that no page of ours made can carry.

type Headers = Record<string, string | string[]>;

const EVIL = "https://evil.example";

/** By the requirement that they break, in words; `ours` is what `APP_URL` says. */
export const FORGED: readonly [id: string, words: string, headers: (ours: URL) => Headers][] = [
  ["CS-1", "neither Sec-Fetch-Site nor Origin", () => ({})],
  ["CS-1", "Sec-Fetch-Site: cross-site", () => ({ "Sec-Fetch-Site": "cross-site" })],
  ["CS-1", "Sec-Fetch-Site: none", () => ({ "Sec-Fetch-Site": "none" })],
  ["CS-1", "an empty Sec-Fetch-Site", () => ({ "Sec-Fetch-Site": "", Origin: EVIL })],
  ["CS-1", "Sec-Fetch-Site in capitals", () => ({ "Sec-Fetch-Site": "Same-Origin" })],
  [
    "CS-1",
    "two values of Sec-Fetch-Site",
    () => ({ "Sec-Fetch-Site": ["same-origin", "cross-site"] }),
  ],
  [
    "CS-1",
    "cross-site with our own Origin",
    ({ origin }) => ({ "Sec-Fetch-Site": "cross-site", Origin: origin }),
  ],
  ["CS-1", "a Referer of ours alone", ({ origin }) => ({ Referer: `${origin}/sign-in` })],
  ["CS-1", "a foreign Origin", () => ({ Origin: EVIL })],
  ["CS-1", "our Origin and a foreign one", ({ origin }) => ({ Origin: `${origin}, ${EVIL}` })],
  ["CS-2", "Origin: null", () => ({ Origin: "null" })],
  ["CS-2", "an empty Origin", () => ({ Origin: "" })],
  ["CS-2", "our host over the other scheme", (ours) => ({ Origin: otherScheme(ours) })],
  ["CS-2", "our host with another port", ({ hostname }) => ({ Origin: `http://${hostname}:1` })],
  ["CS-2", "our host alone", ({ host }) => ({ Origin: host })],
  ["CS-2", "our origin with a path behind it", ({ origin }) => ({ Origin: `${origin}/` })],
  [
    "CS-2",
    "our origin as the start of another",
    ({ origin }) => ({ Origin: `${origin}.evil.example` }),
  ],
  ["CS-2", "another name of this machine", ({ port }) => ({ Origin: `http://127.0.0.2:${port}` })],
  ["CS-2", "a foreign Origin with a Host to match", () => ({ Origin: EVIL, Host: "evil.example" })],
  [
    "CS-2",
    "a foreign Origin with an X-Forwarded-Host to match",
    () => ({ Origin: EVIL, "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https" }),
  ],
  [
    "CS-2",
    "a foreign Origin with a Forwarded to match",
    () => ({ Origin: EVIL, Forwarded: "host=evil.example;proto=https" }),
  ],
  [
    "CS-9",
    "same-origin with a foreign Origin",
    () => ({ "Sec-Fetch-Site": "same-origin", Origin: EVIL }),
  ],
  [
    "CS-9",
    "a name that was pointed at this machine",
    ({ port }) => ({
      "Sec-Fetch-Site": "same-origin",
      Origin: `http://evil.example:${port}`,
      Host: `evil.example:${port}`,
    }),
  ],
  [
    "CS-9",
    "same-origin with Origin: null",
    () => ({ "Sec-Fetch-Site": "same-origin", Origin: "null" }),
  ],
  ["CS-3", "Sec-Fetch-Site: same-site", () => ({ "Sec-Fetch-Site": "same-site" })],
  [
    "CS-3",
    "a sub-domain of ours as Origin",
    ({ protocol, host }) => ({ Origin: `${protocol}//x.${host}` }),
  ],
  ["CS-3", "a sibling of ours as Origin", ({ port }) => ({ Origin: `http://other:${port}` })],
  [
    "CS-3",
    "same-site with our own Origin",
    ({ origin }) => ({ "Sec-Fetch-Site": "same-site", Origin: origin }),
  ],
];

function otherScheme({ protocol, host }: URL): string {
  return `${protocol === "http:" ? "https:" : "http:"}//${host}`;
}
