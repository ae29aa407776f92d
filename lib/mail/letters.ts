import { htmlEscape } from "escape-goat";
import type { Facts, Link, Site } from "@/lib/mail/draft-parts";
import { draftOf } from "@/lib/mail/drafts";

/** A mail in words, both ways. */
export interface Letter {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Its link, with what to press; null where it has none. */
  readonly link: { readonly href: string; readonly label: string } | null;
}

/**
 * Writes a mail: plain text and simple HTML of the same words. What people typed becomes neither
 * markup nor a header. No address is in it but the site's own (ASVS 4.1.3). Throws for an unknown kind.
 */
export function letterOf(kind: string, detail: unknown, token: string | null, site: Site): Letter {
  const { subject, parts: drafted } = draftOf(kind, detail, site);
  const parts = drafted.map((part) => (isLink(part) ? withHref(part, token, site) : part));
  const link = parts.find(isHref);
  return {
    subject,
    text: textOf(parts, site),
    html: htmlOf(subject, parts, site),
    link: link ?? null,
  };
}

type Href = NonNullable<Letter["link"]>;
type Part = string | Href | Facts;

function isLink(part: string | Link | Facts): part is Link {
  return typeof part === "object" && "path" in part;
}

function isHref(part: Part): part is Href {
  return typeof part === "object" && "href" in part;
}

function withHref({ path, label, isPlain }: Link, token: string | null, site: Site): Href {
  const url = new URL(path, site.url);
  if (isPlain) return { href: url.href, label };
  if (token === null) throw new Error(`a mail with a link to ${path} has no token`);
  url.searchParams.set("token", token);
  return { href: url.href, label };
}

function textOf(parts: readonly Part[], site: Site): string {
  const paragraphs = parts.map((part) => {
    if (typeof part === "string") return part;
    if (isHref(part)) return `${part.label}:\n${part.href}`;
    return part.map(([term, what]) => `${term}: ${what}`).join("\n");
  });
  return [...paragraphs, `-- \n${site.name}\n${site.url.origin}`].join("\n\n");
}

// What a reader cannot show otherwise; by night its rules win over the styles of each element.
const NIGHT = `@media (prefers-color-scheme:dark){
.page{background:#14161b!important}
.card{background:#1e2128!important;color:#eceef2!important}
.soft{color:#a8aebb!important}
.facts{background:#282c35!important}
}`;
const FONT = "font:16px/1.55 system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const PAGE = `margin:0;padding:24px 12px;background:#f4f5f7;${FONT}`;
const CARD =
  "max-width:33em;margin:0 auto;padding:8px 24px;background:#ffffff;color:#1d2129;border-radius:10px";
const FACTS = "padding:12px 16px;background:#f4f5f7;border-radius:8px;overflow-wrap:anywhere";
const BUTTON =
  "display:inline-block;padding:12px 20px;background:#3d4fc4;color:#ffffff;font-weight:600;text-decoration:none;border-radius:8px";
const SOFT = "color:#5c6370;font-size:14px;overflow-wrap:anywhere";

// Styles of each element: what mail readers show everywhere. No picture, so nothing tells anybody
// that the mail was opened.
function htmlOf(subject: string, parts: readonly Part[], site: Site): string {
  const head = htmlEscape`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><title>${subject}</title>`;
  const foot = htmlEscape`<p class="soft" style="${SOFT}">${site.name} · ${site.url.origin}</p>`;
  const body = parts.map(htmlOfPart).join("\n");
  return `${head}<style>${NIGHT}</style></head><body class="page" style="${PAGE}"><div class="card" style="${CARD}">\n${body}\n${foot}</div></body></html>`;
}

function htmlOfPart(part: Part): string {
  if (typeof part === "string") return htmlEscape`<p>${part}</p>`;
  if (!isHref(part)) {
    const lines = part.map(([term, what]) => htmlEscape`${term}: <strong>${what}</strong>`);
    return `<p class="facts" style="${FACTS}">${lines.join("<br>")}</p>`;
  }
  const { href, label } = part;
  return htmlEscape`<p style="margin:24px 0 8px"><a href="${href}" target="_blank" style="${BUTTON}">${label}</a></p><p class="soft" style="margin-top:0;${SOFT}">Or open ${href}</p>`;
}
