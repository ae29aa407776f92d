import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "@/scripts/free-port";
import { newUser, type TestUser } from "@/tests/helpers/people";
import { postJson } from "@/tests/support/asking";
import { FORGED } from "@/tests/support/forged-headers";
import { hiddenFields, multipart } from "@/tests/support/forms";
import { startNginx } from "@/tests/support/nginx";
import { type Asking, type RawResponse, rawRequest } from "@/tests/support/raw-request";
import { type RunningApp, sharedApp, startApp } from "@/tests/support/running-app";
import { guardedRows, rows } from "@/tests/support/sql";

type Headers = Record<string, string | string[]>;

const RIGHT = [
  "proxy_set_header Host $http_host;",
  "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
  "proxy_set_header X-Forwarded-Host $http_host;",
  "proxy_set_header X-Forwarded-Proto $scheme;",
  // The app sees another address than the client's.
  "proxy_bind 127.0.0.3;",
];

/** What is in many a configuration, and no harm here. */
const HARMLESS: [words: string, lines: string[]][] = [
  ["Host is not passed on", []],
  ["Host is passed on without its port", ["proxy_set_header Host $host;"]],
  [
    "X-Forwarded-Host is the client's own, X-Forwarded-Proto is missing",
    [
      "proxy_set_header Host $http_host;",
      "proxy_set_header X-Forwarded-Host $http_x_forwarded_host;",
    ],
  ],
];

/** What keeps everybody out, with the line that the refusal has to name. */
const HARMFUL: [words: string, lines: string[], named: RegExp][] = [
  [
    "Origin and Sec-Fetch-Site are taken away",
    ['proxy_set_header Origin "";', 'proxy_set_header Sec-Fetch-Site "";'],
    /neither arrived.*remove "proxy_set_header Origin …;" and "proxy_set_header Sec-Fetch-Site …;"/,
  ],
  [
    "Origin names the machine behind",
    [
      "proxy_set_header Host $http_host;",
      "proxy_set_header Origin http://127.0.0.1:3000;",
      'proxy_set_header Sec-Fetch-Site "";',
    ],
    /Origin was changed on the way.*remove "proxy_set_header Origin …;"/,
  ],
];

const SITES = [...HARMLESS, ...HARMFUL].map(([words, lines]) => ({ words, lines }));

let user: TestUser;

beforeAll(async () => {
  user = await newUser();
});

/** An app behind all of these sites, and what its addresses are. */
function proxied(publicUrl: (port: number) => string, sites: readonly { lines: string[] }[]) {
  const ports: number[] = [];
  const stops: (() => Promise<void>)[] = [];
  let app: RunningApp;
  let url: URL;
  beforeAll(async () => {
    for (const _ of sites) ports.push(await freePort());
    url = new URL(publicUrl(ports[0] ?? 0));
    app = await startApp({ APP_URL: url.origin, TRUST_PROXY: "1" });
    const told = sites.map(({ lines }, at) => ({ port: ports[at] ?? 0, appPort: app.port, lines }));
    stops.push(await startNginx(told), app.stop);
  });
  afterAll(() => Promise.all(stops.map((stop) => stop())));
  return {
    url: () => url,
    /** As a client does that knows the public address alone. */
    request: (at: number, path: string, asking: Asking = {}): Promise<RawResponse> =>
      rawRequest(ports[at] ?? 0, path, {
        ...asking,
        headers: { Host: url.host, ...asking.headers },
      }),
  };
}

describe.each<[string, (port: number) => string]>([
  ["http", (port) => `http://localhost:${port}`],
  ["https", () => "https://app.example.com"],
])("over %s", (_, publicUrl) => {
  const site = proxied(publicUrl, [...SITES, { lines: RIGHT }]);
  const right = SITES.length;

  async function signInForm(at: number, headers: Headers): Promise<RawResponse> {
    const page = await site.request(at, "/sign-in");
    const typed = [["identifier", user.username] as const, ["password", user.password] as const];
    const form = multipart([...hiddenFields(page.text, "Sign in"), ...typed]);
    const sent = { ...form.headers, ...headers };
    return site.request(at, "/sign-in", { method: "POST", headers: sent, body: form.body });
  }

  function signInApi(at: number, headers: Headers): Promise<RawResponse> {
    const credentials = { identifier: user.username, password: user.password };
    return site.request(at, "/api/session", postJson(credentials, headers));
  }

  const WAYS = [signInForm, signInApi];
  const oldBrowser = () => ({ Origin: site.url().origin, Referer: `${site.url().origin}/sign-in` });
  const browsers = () => [oldBrowser(), { ...oldBrowser(), "Sec-Fetch-Site": "same-origin" }];

  const ALL = [
    ...SITES.map(({ words }, at) => ({ words, at })),
    { words: "all is right", at: right },
  ];
  test.each(ALL)("CS-2: where $words, every forged request is refused", async ({ at }) => {
    const before = await guardedRows();
    const passed: unknown[] = [];
    for (const way of WAYS)
      for (const [id, words, headers] of FORGED) {
        const { status, setCookies } = await way(at, headers(site.url()));
        if (status !== 403 || setCookies.length > 0) passed.push([way.name, id, words, status]);
      }
    expect(passed).toEqual([]);
    expect(await guardedRows()).toEqual(before);
  });

  const OPEN = ALL.filter(({ at }) => at < HARMLESS.length || at === right);
  test.each(OPEN)("CS-1: where $words, people sign in and stay on this site", async ({ at }) => {
    const away = await site.request(at, "/dashboard");
    expect(away.header("location")).toBe("/sign-in");
    for (const way of WAYS)
      for (const headers of browsers()) {
        const response = await way(at, headers);
        expect([200, 303]).toContain(response.status);
        expect(["", "/dashboard"]).toContain(response.header("location"));
        const cookie = response.setCookies[0]?.split(";")[0] ?? "";
        const page = await site.request(at, "/dashboard", { headers: { Cookie: cookie } });
        expect(page.text).toContain(user.name);
      }
  });

  const SHUT = HARMFUL.map(([words, , named], at) => ({ words, named, at: at + HARMLESS.length }));
  test.each(SHUT)("CS-6: where $words, the refusal names the line", async ({ named, at }) => {
    for (const way of WAYS)
      for (const headers of browsers()) {
        const { status, text } = await way(at, headers);
        expect(status).toBe(403);
        expect(text.replaceAll('\\"', '"')).toMatch(named);
      }
  });

  test("AU-5: behind the right proxy the address is the client's own", async () => {
    const person = await newUser();
    const headers = { ...browsers()[0], "X-Forwarded-For": "6.6.6.6" };
    const credentials = { identifier: person.username, password: person.password };
    await site.request(right, "/api/session", postJson(credentials, headers));
    const noted = await rows("SELECT ip_address FROM sessions WHERE user_id = ?", [person.id]);
    expect(noted).toEqual([{ ip_address: "127.0.0.1" }]);
  });
});

test("CS-6: an address that APP_URL does not name is told to whoever runs the site", async () => {
  const origin = "http://www.example.test:8080";
  const app = await sharedApp();
  const port = await freePort();
  const stop = await startNginx([{ port, appPort: app.port, lines: RIGHT }]);
  const headers = { Host: new URL(origin).host, Origin: origin, Referer: `${origin}/sign-in` };
  const { status, text } = await rawRequest(port, "/sign-in", { method: "POST", headers });
  expect(status).toBe(403);
  expect(text).toContain(`APP_URL is ${app.origin}, and the browser named ${origin}.`);
  expect(text).toContain("if people reach it there, set APP_URL to that and start again");
  await stop();
});
