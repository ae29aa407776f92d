// Ways to ask for an address other than the one that its guard expects.
import { FROM_HERE } from "./asking";
import type { Asking } from "./raw-request";

const SKIP = "middleware:middleware:middleware:middleware:middleware";
const SKIP_SRC = "src/middleware:src/middleware:src/middleware:src/middleware:src/middleware";
const RSC = { RSC: "1" };

/** What to ask for, and how. */
export type Form = [path: string, asking: Asking];

/** Every form of asking for that path, the plain one first. */
export function urlForms(path: string): Form[] {
  return [...headerForms(path), ...byAnotherPath(path), ...bySpelling(path)];
}

/** Those that keep to the path, and differ in the headers and the method. */
export function headerForms(path: string): Form[] {
  const segment = (name: string, more = {}) => ({
    headers: { ...RSC, ...more, "Next-Router-Segment-Prefetch": name },
  });
  const prefetch = { "Next-Router-Prefetch": "1" };
  return [
    [path, {}],
    [path, { method: "HEAD" }],
    [path, { method: "OPTIONS" }],
    [path, { method: "POST", headers: FROM_HERE }],
    [path, { method: "POST", headers: { ...FROM_HERE, "X-HTTP-Method-Override": "GET" } }],
    [path, { headers: RSC }],
    [`${path}?_rsc`, { headers: RSC }],
    [`${path}?_rsc=1abcd`, { headers: RSC }],
    [`${path}?_rsc=1abcd`, {}],
    [`${path}?_rsc`, { headers: { ...RSC, ...prefetch } }],
    [`${path}?_rsc`, { headers: { ...RSC, "Next-Router-Prefetch": "2" } }],
    [path, segment("/_tree", prefetch)],
    [path, segment("/_full", prefetch)],
    [path, segment("/_index", prefetch)],
    [path, segment(`${path}/__PAGE__`)],
    [`${path}?_rsc`, { headers: { ...RSC, "Next-Router-State-Tree": "%5B%22%22%5D" } }],
    [path, { headers: { Purpose: "prefetch", "Sec-Purpose": "prefetch" } }],
    [path, { headers: { "x-middleware-prefetch": "1" } }],
    [path, { headers: { "x-middleware-subrequest": SKIP } }],
    [path, { headers: { "x-middleware-subrequest": SKIP_SRC } }],
    [path, { headers: { "x-middleware-subrequest": "middleware" } }],
    [path, { headers: { "x-middleware-subrequest": "pages/_middleware" } }],
    [path, { headers: { "x-middleware-next": "1", "x-middleware-rewrite": path } }],
    [path, { headers: { "x-nextjs-data": "1" } }],
    [path, { headers: { "x-now-route-matches": "1=x", "x-prerender-revalidate": "1" } }],
    [path, { headers: { "X-Forwarded-For": "127.0.0.1", "X-Forwarded-Host": "localhost" } }],
    [path, { headers: { "X-Forwarded-Proto": "https", "X-Forwarded-Port": "443" } }],
    [path, { headers: { Host: "127.0.0.1", "X-Real-IP": "127.0.0.1" } }],
  ];
}

function byAnotherPath(path: string): Form[] {
  return [
    ["/", { headers: { "x-invoke-path": path, "x-matched-path": path } }],
    ["/", { headers: { "X-Original-URL": path, "X-Rewrite-URL": path } }],
    ["/", { headers: { "x-gatehouse-path": path } }],
    ["/", { headers: { "x-middleware-rewrite": path, "x-rewrite-path": path } }],
    [`/sign-in?nxtPpath=${path}&__nextDefaultLocale=x`, {}],
    [`/sign-in?returnTo=${path}`, { headers: RSC }],
    [`/_next/image?url=${encodeURIComponent(path)}&w=64&q=75`, {}],
    [`/_next/data/build${path}.json`, {}],
    [`/_next/data/build${path}.json`, { headers: { "x-nextjs-data": "1" } }],
    [`/_next/data/build${path}.rsc`, { headers: { "x-nextjs-data": "1" } }],
    [`/nothing/..${path}`, {}],
    [`/sign-in/..${path}`, {}],
    [`/api/..${path}`, {}],
    [`/icon.svg/..${path}`, {}],
    [`/_next/static/../..${path}`, {}],
    [`/_next/static/%2e%2e/%2e%2e${path}`, {}],
  ];
}

function bySpelling(path: string): Form[] {
  const encoded = path.replace(/[a-z](?=[^/]*$)/, (letter) => `%${hex(letter)}`);
  const named = path.slice(1);
  return [
    `${path}.rsc`,
    `${path}.txt`,
    `${path}.json`,
    `${path}.html`,
    `${path}.segments/_tree.segment.rsc`,
    `${path}.segments/${named}/__PAGE__.segment.rsc`,
    `${path}/`,
    `${path}/.`,
    `/${path}`,
    `//${path}//`,
    `/.${path}`,
    path.replaceAll(/(?!^)\//g, "//"),
    path.replaceAll(/(?!^)\//g, "%2f"),
    encoded,
    encoded.replace("%", "%25"),
    `${path}%2f`,
    `${path}%00`,
    `${path}%20`,
    `${path};x`,
    `${path};/`,
    `/%2f${named}`,
    `\\${named}`,
    path.toUpperCase(),
  ].map((spelling) => [spelling, {}]);
}

function hex(letter: string): string {
  return letter.charCodeAt(0).toString(16);
}
