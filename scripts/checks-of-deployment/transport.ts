import { isLoopback } from "@/lib/variables";
import { type Check, fault, unless, well } from "./check";

export const TRANSPORT_CHECKS: readonly Check[] = [
  {
    id: "https",
    title: "APP_URL is public and https",
    run: ({ settings: { APP_URL: url } }) =>
      unless(
        url.protocol === "https:" && !isLoopback(url.hostname),
        url.origin,
        `APP_URL is ${url.origin}: cookies are not Secure, or nobody else can come`,
        "APP_URL=https://app.example.com",
      ),
  },
  {
    id: "insecure-http",
    title: "ALLOW_INSECURE_HTTP is off",
    run: ({ settings: { ALLOW_INSECURE_HTTP: allow } }) =>
      unless(
        allow === "0",
        "off",
        "ALLOW_INSECURE_HTTP=1 lets a site run without https, where anyone on the way reads cookies",
        "ALLOW_INSECURE_HTTP=0, or leave it out",
      ),
  },
  {
    id: "cookie-domain",
    title: "the cookie goes to this host alone",
    run: ({ settings: { SESSION_COOKIE_DOMAIN: domain, APP_URL: url } }) => {
      return domain
        ? fault(
            `SESSION_COOKIE_DOMAIN=${domain} sends it to every host under ${domain}, and lets each set it`,
            "leave SESSION_COOKIE_DOMAIN out; where other hosts need it: --accept cookie-domain",
          )
        : well(url.hostname);
    },
  },
];
