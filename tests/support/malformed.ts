// Requests as no honest client sends them: seeded, so that what failed can be asked for again.
import { computeLegacyCacheBustingSearchParam } from "next/dist/shared/lib/router/utils/cache-busting-search-param";

export interface Malformed {
  /** What goes over the wire, a byte a character. */
  readonly bytes: string;
  /** Whether Node can take it apart: at what is no HTTP it hangs up. */
  readonly isReadable: boolean;
  /** Whether it breaks off: more was promised than comes. */
  readonly isCut: boolean;
}

/** What a page of ours would need to be taken for one, so that Next's own parsers are reached. */
export interface Known {
  readonly port: number;
  readonly origin: string;
  /** Server actions of the build, each with a page that calls it. */
  readonly actions: readonly { readonly id: string; readonly path: string }[];
  readonly cookie: string;
}

/** So many requests; the same ones for the same seed. */
export function malformedRequests(count: number, seed: number, known: Known): Malformed[] {
  const chance = chanceFrom(seed);
  return Array.from({ length: count }, () => malformed(chance, known));
}

type Chance = () => number;

// Mulberry32: small, and good enough to pick from lists.
function chanceFrom(seed: number): Chance {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function pick<T>(chance: Chance, from: readonly T[]): T {
  const [picked] = from.slice(Math.floor(chance() * from.length));
  if (picked === undefined) throw new Error("There is nothing to pick from");
  return picked;
}

function malformed(chance: Chance, known: Known): Malformed {
  const kind = chance();
  const own = chance() < 0.3 ? [`Cookie: ${known.cookie}`] : [];
  const odd = [...own, ...oddHeaders(chance)];
  if (kind < 0.4) return actionRequest(chance, known, odd);
  if (kind < 0.55) return routerRequest(chance, known, odd);
  const method = pick(chance, METHODS);
  const [headers, body] = chance() < 0.5 ? plainBody(chance) : [[], ""];
  return written(
    { method, target: targetOf(chance), headers: [...odd, ...headers], body },
    chance,
    known,
  );
}

interface Parts {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly string[];
  readonly body: string;
}

function written(
  { method, target, headers, body }: Parts,
  chance: Chance,
  { port }: Known,
): Malformed {
  const host = chance() < 0.1 ? pick(chance, HOSTS) : `localhost:${port}`;
  const isCut = body !== "" && chance() < 0.05;
  const length = Buffer.byteLength(body, "latin1") + (isCut ? 10 : 0);
  const lines = [
    `${method} ${target} HTTP/1.1`,
    `Host: ${host}`,
    // With the word that makes an Upgrade count.
    chance() < 0.2 ? "Connection: Upgrade, close" : "Connection: close",
    ...headers,
    ...(body || method === "POST" ? [`Content-Length: ${length}`] : []),
  ];
  const isReadable = !isCut && !/^(BREW|get)$/.test(method) && /^[/*][!-~]*$/.test(target);
  return { isReadable, isCut, bytes: `${lines.join("\r\n")}\r\n\r\n${body}` };
}

function actionRequest(chance: Chance, known: Known, odd: readonly string[]): Malformed {
  const action = pick(chance, known.actions);
  const target = chance() < 0.8 ? action.path : pick(chance, PAGES);
  const [headers, body] = actionCall(chance, known, action.id);
  return written({ method: "POST", target, headers: [...odd, ...headers], body }, chance, known);
}

// Next sends on whatever lacks this hash of its own headers: what is behind is reached with it alone.
function routerRequest(chance: Chance, known: Known, odd: readonly string[]): Malformed {
  const of = (name: string) => (chance() < 0.6 ? pick(chance, ODD[name] ?? []) : undefined);
  const prefetch = ([undefined, "1", "2"] as const)[Math.floor(chance() * 4)];
  const segment = of("Next-Router-Segment-Prefetch");
  const tree = of("Next-Router-State-Tree");
  const url = of("Next-Url");
  const hash = computeLegacyCacheBustingSearchParam(prefetch, segment, tree, url);
  const named = [
    ["Next-Router-Prefetch", prefetch],
    ["Next-Router-Segment-Prefetch", segment],
    ["Next-Router-State-Tree", tree],
    ["Next-Url", url],
  ].flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  const others = odd.filter((line) => !/^(Next-|RSC)/.test(line));
  const target = `${pick(chance, PAGES)}?_rsc=${hash}`;
  return written(
    { method: "GET", target, headers: ["RSC: 1", ...named, ...others], body: "" },
    chance,
    known,
  );
}

const METHODS = [
  ...["GET", "GET", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"],
  ...["CONNECT", "PROPFIND", "M-SEARCH", "QUERY", "BREW", "get"],
];

const PAGES = [
  ...["/", "/sign-in", "/dashboard", "/account", "/account/password", "/account/sessions"],
  ...["/admin/users/new", "/admin/sessions", "/reauthenticate", "/nothing", "/admin"],
  ...[
    "/admin/users",
    "/admin/users/1",
    "/admin/events",
    "/admin/sessions/end",
    "/admin/sessions/x",
  ],
];

const HANDLERS = [
  ...["/api/session", "/api/sessions", "/api/sessions/x", "/api/admin/users", "/api/nothing"],
  ...["/api", "/api/", "/api/health/live", "/session/ended", "/session/renew", "/api/admin/events"],
  ...["/api/admin/sessions", "/api/admin/users/1", "/api/admin/users/x/password", "/api/metrics"],
  ...["/api/admin/stats", "/api/openapi.json", "/api/session/reauthentication"],
];

const WHOLE = [
  ...["*", "//", "///", "/%", "/%00", "/%2", "/%zz", "/%ff", "/%c3%28", "/%ed%a0%80", "/\\", "/.."],
  ...["/..%2f", "/%2e%2e/", "/../../etc/passwd", "/..%5c..%5c", "//other.example/", "/;/", "/?%"],
  ...["/?", "/??", "/#", "/?a[constructor]=1", "/?__proto__=1", "/?_rsc=%", "/?nxtPx=1", "/\xff"],
  ...["http://other.example/", "http://localhost/", "https://u:p@other.example:1/x?y", "http:"],
  ...[
    "http://",
    "http://[",
    "ftp://x/",
    "javascript:alert(1)",
    "localhost:80",
    "x",
    "?",
    "other:1",
  ],
  ...["/icon.svg/x", "/icon.svg/", "/favicon.ico/x", "/favicon.icon", "/api%2fsession", "/apix"],
  ...["/_next", "/_next/", "/_next/static", "/_next/static/", "/_next/static/nope", "/_next/x"],
  ...["/_next/static/%", "/_next/static/%2e%2e/%2e%2e/x", "/_next/static/chunks/", "/_next/image"],
  ...["/_next/image?url=%2Ficon.svg&w=64&q=75", "/_next/image?url=http://other.example&w=1&q=1"],
  ...["/_next/image/x", "/_next/images", "/_next/data/x/dashboard.json", "/_next/data/%/x.json"],
  ...[
    "/_next/webpack-hmr",
    "/_error",
    "/_not-found",
    "/_global-error",
    "/404",
    "/500",
    "/_document",
  ],
  ...["/index", "/index.rsc", "/dashboard.rsc", "/dashboard.segments/_tree.segment.rsc", "/.rsc"],
  ...[
    "/account/sessions%2f..",
    "/admin/users/%",
    "/admin/sessions/%00",
    "/admin/users/constructor",
  ],
  ...["/admin/events?since=x&until=%", "/admin/users?cursor=__proto__", "/sign-in?reason=toString"],
  `/${"a".repeat(4_000)}`,
  `/${"%61".repeat(1_500)}`,
  `/${"a/".repeat(1_500)}`,
  `/?${"a=b&".repeat(1_500)}`,
];

function targetOf(chance: Chance): string {
  const kind = chance();
  if (kind < 0.4) return pick(chance, WHOLE);
  const base = pick(chance, kind < 0.7 ? PAGES : HANDLERS);
  return base + (chance() < 0.5 ? pick(chance, TAILS) : `?${queryOf(chance)}`);
}

function queryOf(chance: Chance): string {
  const pieces = Array.from({ length: 1 + Math.floor(chance() * 3) }, () => {
    return `${pick(chance, PARAMETERS)}=${pick(chance, VALUES)}`;
  });
  return pieces.join("&");
}

/** Names that an object has without being given them. */
const OF_OBJECTS = ["constructor", "__proto__", "hasOwnProperty", "toString", "valueOf", "then"];

const PARAMETERS = [
  ...["q", "user", "address", "cursor", "limit", "type", "since", "until", "id", "reason", "ended"],
  ...["returnTo", "changed", "pending", "retry", "nxtPid", "_rsc", ...OF_OBJECTS],
];

const VALUES = [
  ...["", "%", "%00", "%ff", "%2f", "a", "-1", "0", "1e99", "99999999999999999999", "NaN", "24h"],
  ...["__proto__", "constructor", "null", "[]", "{}", "'--", "%25", "1.2.3.4%2F33", "%3A%3A%2F0"],
  ...["2026-13-99", "%F0%9F%98%80", "//x", "%5C", "x".repeat(3_000), "00000000-0000-7000-8000-0"],
];

const TAILS = [
  ...["", "/", "//", "/.", "/..", "%", "%00", "%2f", "%ff", "?", "?%", "?_rsc", "?_rsc=x", "/%"],
  ...["?returnTo=%", "?reason=constructor", "?a=%ff", "?constructor=1", ".json", ".rsc", "\\", ";"],
  ...["?hasOwnProperty=1", "?__proto__=x", "?returnTo=/a&returnTo=/b", "?toString", "/constructor"],
];

const HOSTS = [
  ...[
    "",
    " ",
    "%",
    "[",
    "[::1",
    "a b",
    "a/b",
    "a?b",
    "a#b",
    "a@b",
    "u:p@a",
    "localhost:x",
    ":",
    ":1",
  ],
  ...[
    "localhost:99999",
    "a".repeat(300),
    "\xff",
    "other.example",
    "[::1]:1",
    "a,b",
    "a\\b",
    "1.2.3",
  ],
  ...["127.1", "0x7f.1", "xn--", "..", "a..b", "-", "localhost:", "<x>", "a%00b"],
];

/** Each a name with what may stand behind it. */
const ODD: Readonly<Record<string, readonly string[]>> = {
  "Next-Router-State-Tree": [
    ...["%", "x", "%5B%5D", "null", "%22%22", "%7B%7D", "1", "%5B1%5D", "%5B%22%22%2C1%5D"],
    ...["%5B%22%22%2C%7B%7D%2Cnull%2C%22x%22%5D", "[", '["",{"children":["x",{}]}]'],
    ...[
      "%5B%22%22%2C%7B%22__proto__%22%3A1%7D%5D",
      "a".repeat(3_000),
      encodeURIComponent(deep(400)),
    ],
    encodeURIComponent('["",{"children":["__PAGE__",{}]}]'),
    encodeURIComponent('["",{"children":[["a","b","c",null],{}]}]'),
    encodeURIComponent(
      '["",{"children":["dashboard",{"children":["__PAGE__",{},null,"refetch"]}]}]',
    ),
  ],
  RSC: ["1", "0", "", "x", "\xff"],
  "Next-Router-Prefetch": ["1", "2", "x", ""],
  "Next-Router-Segment-Prefetch": [
    ...["/_tree", "/_full", "/_index", "/_head", "/%", "x", "", "/__PAGE__", "//", "/$d$id"],
    ...["/constructor", "/\xff", `/${"a/".repeat(500)}`],
  ],
  "Next-Url": ["/", "%", "x", "//", "http://[", "\xff"],
  "Next-Hmr-Refresh": ["1", "x"],
  "Next-Instant-Navigation-Testing-Prefetch": ["1"],
  "X-Forwarded-Host": ["%", "[", "a b", "", "a/b", "other.example", "x,y", "\xff", "a@b"],
  "X-Forwarded-Proto": ["x", "", "https,http", "javascript", "\xff", "a b"],
  "X-Forwarded-Port": ["x", "", "99999", "-1", "443,80"],
  "X-Forwarded-For": ["x", "", "1.2.3", ",,,", "\xff", "::::", `${"1.1.1.1,".repeat(300)}`],
  Forwarded: ["x", 'for="', "host=["],
  Cookie: [
    ...["session=", "session=x", "session=%", "session", "=", ";;;", "session=\xff", "=x; y"],
    ...[
      "__proto__=x",
      "constructor=x",
      "session=Fe26.2*x*x*x*x*x*x*x",
      `session=${"x".repeat(3_000)}`,
    ],
    ...["session=Fe26.2*1*a*b*c*x*d*e~2", "__prerender_bypass=x; __next_preview_data=x"],
    Array.from({ length: 200 }, () => "session=x").join("; "),
  ],
  Origin: ["null", "", "x", "http://", "http://[", "%", "https://other.example", "\xff", "://"],
  Referer: ["x", "", "http://[", "\xff"],
  "Sec-Fetch-Site": ["same-origin", "x", "", "cross-site", "\xff"],
  "Sec-Fetch-Dest": ["script", "image", "x", "document", "\xff"],
  "Accept-Language": ["%", "*", "", "x".repeat(500), "\xff", "en;q=x", "__proto__"],
  "Accept-Encoding": ["x", "", "identity;q=0", "gzip;q=x", "br, gzip", "\xff"],
  Accept: ["", "x", "*/*;q=x", "text/x-component"],
  "If-None-Match": ["x", "*", '"', "\xff"],
  "If-Modified-Since": ["x", "\xff", "Thu, 99 Jan 9999"],
  Range: ["bytes=0-0", "x", "bytes=5-1", "bytes=99999-", "bytes=0-0,2-3,x"],
  Expect: ["100-continue", "x", "200-ok", ""],
  Upgrade: ["websocket", "h2c", "x", ""],
  "X-HTTP-Method-Override": ["TRACE", "x"],
  "User-Agent": ["", "\xff", "Googlebot", "x".repeat(3_000), "facebookexternalhit/1.1", "%"],
  "X-Action-Forwarded": ["1", "x"],
  "X-Background": ["1", "x", "\xff"],
  "X-Nextjs-Data": ["1"],
  "X-Nextjs-Html-Request-Id": ["x"],
  "X-Nextjs-Request-Id": ["x"],
  "X-Prerender-Revalidate": ["x"],
  "X-Middleware-Subrequest": ["x", "middleware:middleware"],
  "X-Middleware-Prefetch": ["1"],
  "X-Invoke-Path": ["%", "/x"],
  "X-Invoke-Status": ["500", "x"],
  "X-Gatehouse-Path": ["%", "//x", "\xff"],
  "Content-Encoding": ["gzip", "x"],
  "Content-Security-Policy": ["script-src 'nonce-<>'", "script-src 'nonce-\"x\"'", "\xff"],
  Purpose: ["prefetch"],
  Date: ["x"],
  Authorization: ["Bearer", "Bearer x", "Basic %", "\xff"],
};

function deep(levels: number): string {
  return `${'["",{"a":'.repeat(levels)}1${"}]".repeat(levels)}`;
}

function oddHeaders(chance: Chance): string[] {
  const names = Object.keys(ODD);
  return Array.from({ length: Math.floor(chance() * 4) }, () => {
    if (chance() < 0.05) return `${pick(chance, OF_OBJECTS)}: x`;
    const name = pick(chance, names);
    return `${name}: ${pick(chance, ODD[name] ?? [])}`;
  });
}

type Sent = readonly [headers: readonly string[], body: string];

const TYPES = [
  ...["application/json", "text/plain", "application/x-www-form-urlencoded", "", "x", "/", "\xff"],
  ...["application/json; charset=x", "multipart/form-data", "multipart/form-data; boundary="],
];

const JSON_BODIES = [
  ...["", "{", "null", "[]", "1", '"x"', "{}", '{"constructor":1}', '{"toString":1}', "\xff", "\0"],
  ...['{"__proto__":{}}', '{"hasOwnProperty":1,"valueOf":2}', '{"identifier":{},"password":[]}'],
  ...['{"identifier":"\\ud800\\u0000","password":"\\udfff\\u0000"}', '{"password":"\\ud800"}'],
  ...[
    '{"identifier":"\\u0000","password":"\\u0000","remember":{}}',
    '{"status":"\\u0000","role":1}',
  ],
  '{"username":"\\ud800x","email":"\\u0000@x.y","name":"\\ud83d","role":"admin"}',
  '{"username":"\\ud83d\\ude00\\u202e","email":"x@\\ud83d\\ude00.example","name":"\\u0000"}',
  ...["[".repeat(20_000), `{"a":${"[".repeat(5_000)}${"]".repeat(5_000)}}`, "x".repeat(70_000)],
];

function plainBody(chance: Chance): Sent {
  const from = chance() < 0.6 ? ["Sec-Fetch-Site: same-origin"] : [];
  const type = chance() < 0.5 ? "application/json" : pick(chance, TYPES);
  return [[...from, `Content-Type: ${type}`], pick(chance, JSON_BODIES)];
}

/** Replies, as React's client encodes the arguments of an action, and as it never does. */
const REPLIES = [
  ...["", "[]", "{", "null", "1", '"$K1"', '["$K1"]', '["$F1"]', '["$h1"]', '["$Q1"]', '["$W1"]'],
  ...[
    '["$@1"]',
    '["$1"]',
    '["$0"]',
    '["$1:a:b"]',
    '["$1:__proto__:x"]',
    '["$1:constructor:prototype"]',
  ],
  ...[
    '["$Tx"]',
    '["$Dx"]',
    '["$n9x"]',
    '["$nx"]',
    '["$B1"]',
    '["$A1"]',
    '["$O1"]',
    '["$R1"]',
    '["$i1"]',
  ],
  ...['["$undefined"]', '["$NaN"]', '["$$"]', '["$"]', '["$P1"]', '["$S1"]', '["$Z"]', '["$l1"]'],
  ...[
    '[{"__proto__":1}]',
    '{"constructor":1}',
    '[{"then":"$1:then"}]',
    '{"then":"$F0"}',
    "\xff",
    "\0",
  ],
  ...["[".repeat(20_000), `${"[".repeat(3_000)}${"]".repeat(3_000)}`, `[${"1,".repeat(2_000)}1]`],
  ...[
    '["$K1",{"error":"$2"}]',
    '[null,"$K1"]',
    '[{"attempt":"$n9"},"$K1"]',
    '["x",{"get":1}]',
    "[null]",
  ],
  ...[
    '[{"attempt":1},"$K1"]',
    '[{"attempt":{}},{}]',
    '["$undefined","$K1"]',
    '[[],"$K1"]',
    "[1,2,3]",
  ],
  ...['[{"error":1},"$K1"]', `["$n${"9".repeat(2_000)}"]`, '["$x1"]'],
];

const FIELD_NAMES = [
  ...[
    "0",
    "1",
    "2",
    "_1_x",
    "1_x",
    "$ACTION_KEY",
    "$ACTION_1:0",
    "$ACTION_1:1",
    "$ACTION_:",
    "__proto__",
  ],
  ...[
    "constructor",
    "$ACTION_REF_",
    "$ACTION_REF_1",
    "$ACTION_ID_",
    "$ACTION_ID_x",
    "$ACTION_ID_toString",
  ],
  ...["$ACTION_REF___proto__", "x", "", "identifier", "then", "$ACTION_x", "\xff"],
];

function actionCall(chance: Chance, known: Known, knownId: string): Sent {
  const id = chance() < 0.8 ? knownId : pick(chance, IDS);
  const isScript = chance() < 0.6;
  const from =
    chance() < 0.85
      ? pick(chance, [
          ["Sec-Fetch-Site: same-origin"],
          ["Sec-Fetch-Site: same-origin", `Origin: ${known.origin}`],
          [`Origin: ${known.origin}`],
        ])
      : [];
  const script = isScript ? [`Next-Action: ${id}`] : [];
  if (isScript && chance() < 0.5) {
    const type = pick(chance, ["text/plain;charset=UTF-8", ...TYPES]);
    return [[...from, ...script, `Content-Type: ${type}`], pick(chance, REPLIES)];
  }
  const [type, body] = multipartBody(chance, id);
  return [[...from, ...script, `Content-Type: ${type}`], body];
}

const IDS = [
  ...[
    "",
    "x",
    "toString",
    "constructor",
    "__proto__",
    "\xff",
    "0".repeat(42),
    "f".repeat(42),
    "00",
  ],
  ...["40".padEnd(42, "a"), "a".repeat(2_000), "then", "valueOf", "%", "$$typeof"],
];

const BOUNDARY = "----boundary";

function multipartBody(chance: Chance, id: string): [type: string, body: string] {
  const isForm = chance() < 0.6;
  const names = Array.from({ length: Math.floor(chance() * 4) }, () => pick(chance, FIELD_NAMES));
  const reply = () => pick(chance, REPLIES);
  const bound = JSON.stringify({ id, bound: chance() < 0.5 ? "$@1" : null });
  const parts: [string, string][] = isForm
    ? pick<[string, string][]>(chance, [
        [[`$ACTION_ID_${id}`, ""]],
        [
          ["$ACTION_REF_1", ""],
          ["$ACTION_1:0", bound],
          ["$ACTION_1:1", reply()],
          ["$ACTION_KEY", "x"],
        ],
        [
          ["$ACTION_REF_1", ""],
          ["$ACTION_1:0", reply()],
        ],
        [["$ACTION_REF_1", ""]],
        [["$ACTION_KEY", reply()]],
      ])
    : [["0", reply()]];
  for (const name of names) parts.push([name, reply()]);
  const written = parts.map(([name, value]) => {
    const disposition = pick(chance, DISPOSITIONS).replace("NAME", () => name);
    return `--${BOUNDARY}\r\n${disposition}\r\n\r\n${value}\r\n`;
  });
  const end = pick(chance, [
    `--${BOUNDARY}--\r\n`,
    `--${BOUNDARY}--\r\n`,
    `--${BOUNDARY}--\r\n`,
    "",
    "--",
  ]);
  const type = pick(chance, [...Array<string>(6).fill(BOUNDARY), "other", "", '"', "\xff"]);
  const body = written.join("") + end;
  return [`multipart/form-data; boundary=${type}`, body];
}

const DISPOSITIONS = [
  ...Array<string>(8).fill('Content-Disposition: form-data; name="NAME"'),
  'Content-Disposition: form-data; name="NAME"; filename="x"\r\nContent-Type: application/octet-stream',
  "Content-Disposition: form-data",
  "Content-Disposition: x",
  "X: y",
  'Content-Disposition: form-data; name="NAME',
  'Content-Disposition: form-data; name="NAME"\r\nContent-Transfer-Encoding: base64',
];
