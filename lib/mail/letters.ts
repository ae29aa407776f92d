import { htmlEscape } from "escape-goat";
import { z } from "zod";

/** What the words of a mail tell of; each kind needs some of it. */
const Detail = z.object({
  /** Of whom it is written to. */
  name: z.string().default(""),
  username: z.string().default(""),
  /** An address that is not the recipient's. */
  email: z.string().default(""),
  /** "Firefox 141 on Windows". */
  device: z.string().default(""),
  ipAddress: z.string().default(""),
  /** When it happened, in ISO 8601. */
  at: z.iso.datetime().optional(),
  role: z.string().default(""),
});
export type MailDetail = Partial<z.infer<typeof Detail>>;

/** The site that a mail comes from. */
export interface Site {
  readonly name: string;
  readonly url: URL;
}

/** A mail in words, both ways. */
export interface Letter {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Its link, with what to press; null where it has none. */
  readonly link: { readonly href: string; readonly label: string } | null;
}

/** A link: a path of the site, and what to press. */
interface Link {
  readonly path: string;
  readonly label: string;
  /** Whether the mail's token is in it; without one it is an address that anybody may know. */
  readonly isPlain?: boolean;
}

/** What happened, line by line: a term and what it was. */
type Facts = readonly (readonly [string, string])[];

interface Draft {
  readonly subject: string;
  /** Paragraphs, facts and links, from the top. */
  readonly parts: readonly (string | Link | Facts)[];
}

type Write = (detail: z.infer<typeof Detail>, site: Site) => Draft;

const NOTHING_TO_DO = "If it wasn’t you, there is nothing you need to do.";
const FORGOTTEN = { path: "/forgot-password", label: "Set a new password", isPlain: true } as const;

const DRAFTS = {
  password_reset: (_, { name }) => ({
    subject: `Set a new password for ${name}`,
    parts: [
      `Here is the link to set a new password for your ${name} account. You, or somebody on your behalf, asked for it.`,
      { path: "/reset-password", label: "Set a new password" },
      "The link works once, for the next 20 minutes. If you asked more than once, only the newest link works.",
      "Didn’t ask for this? You can ignore this mail: nothing has changed, and nobody can change your password without this link.",
    ],
  }),
  password_was_reset: (detail, { name }) => ({
    subject: `Your ${name} password was changed`,
    parts: [
      `A new password was set for your ${name} account by a link that we mailed to this address. You were signed out everywhere; please sign in with the new password.`,
      happened(detail),
      "If it wasn’t you, somebody else can read your mail. Change the password of your mailbox first, then set a new one here, and tell whoever runs the site.",
      FORGOTTEN,
    ],
  }),
  password_changed: (detail, { name }) => ({
    subject: `Your ${name} password was changed`,
    parts: [
      `The password of your ${name} account was changed. All your other devices were signed out.`,
      happened(detail),
      "If that was you, all is well. If it wasn’t, set a new password right away, and tell whoever runs the site.",
      FORGOTTEN,
    ],
  }),
  email_verification: (_, { name }) => ({
    subject: `Confirm your address for ${name}`,
    parts: [
      `Please confirm that this is your address, so that your ${name} account can use it.`,
      { path: "/verify-email", label: "Confirm this address" },
      "The link works once, for the next 24 hours.",
      `${NOTHING_TO_DO} The address won’t be used unless it is confirmed.`,
    ],
  }),
  email_changed: (detail, { name }) => ({
    subject: `The address of your ${name} account was changed`,
    parts: [
      `Your ${name} account now uses another address. We won’t write to this one any more.`,
      [["New address", detail.email]],
      "If that was you, all is well. If it wasn’t, take the account back: it gets this address again, everybody is signed out, and we mail you a link to set a new password.",
      { path: "/take-back", label: "Take it back" },
      "The link works once, for the next 7 days.",
    ],
  }),
  email_replaced: (detail, { name }) => ({
    subject: `The address of your ${name} account was changed`,
    parts: [
      `An administrator gave your ${name} account the address ${detail.email}${when(detail)}. Mails go there from now on.`,
      "If you know nothing of it, tell whoever runs this site.",
    ],
  }),
  invitation: (detail, { name }) => ({
    subject: `You are invited to ${name}`,
    parts: [
      ...hello(detail),
      `There is an account waiting for you at ${name}. Choose a password for it, and you can sign in.`,
      [["Your user name", detail.username]],
      { path: "/invitation", label: "Choose a password" },
      "The link works once, for the next 24 hours. If that is over, ask whoever invited you for another.",
    ],
  }),
  sign_up_known: (_, { name }) => ({
    subject: `You already have an account at ${name}`,
    parts: [
      `Somebody, probably you, has just entered this address at ${name}. It belongs to an account already, so nothing was changed. Sign in with the password that you have, or set a new one.`,
      FORGOTTEN,
      NOTHING_TO_DO,
    ],
  }),
  sign_up_name_taken: (_, { name }) => ({
    subject: `Please choose another user name for ${name}`,
    parts: [
      `You were about to sign up at ${name}, but somebody else already has the user name that you chose. Please sign up again with another one.`,
      { path: "/sign-up", label: "Choose another user name", isPlain: true },
      NOTHING_TO_DO,
    ],
  }),
  new_device: (detail, { name }) => ({
    subject: `A new device signed in to ${name}`,
    parts: [
      `Your ${name} account was signed in to from a browser that we haven’t seen you use before.`,
      happened(detail),
      "If that was you, all is well. If it wasn’t, press the button below and then confirm: every device is signed out, your password stops working, and we mail you a link to set a new one.",
      { path: "/not-me", label: "This was not me" },
      "The link works once, for the next 7 days.",
    ],
  }),
  role_changed: (detail, { name }) => ({
    subject: `Your role at ${name} was changed`,
    parts: [
      `An administrator gave your ${name} account another role.`,
      [["Role", detail.role], ...happened(detail)],
      "If you didn’t expect this, ask whoever runs the site.",
    ],
  }),
  account_closing: (_, { name }) => ({
    subject: `Your ${name} account will be deleted in 7 days`,
    parts: [
      `You asked us to delete your ${name} account. You are signed out everywhere, and in 7 days the account and what we keep about you will be gone for good.`,
      "Changed your mind, or wasn’t it you? Until then you can keep the account by this link, or just by signing in.",
      { path: "/take-back", label: "Keep my account" },
    ],
  }),
} satisfies Record<string, Write>;

/** What a mail tells. */
export type MailKind = keyof typeof DRAFTS;

const hello = ({ name }: { name: string }) => (name ? [`Hello ${name},`] : []);

function happened({ at, device, ipAddress }: z.infer<typeof Detail>): Facts {
  const facts: Facts = [
    ["Device", device],
    ["Network address", ipAddress],
    ["Time", at ? momentWords(at) : ""],
  ];
  return facts.filter(([, what]) => what !== "");
}

function momentWords(at: string): string {
  const format = new Intl.DateTimeFormat("en-GB", {
    dateStyle: "long",
    timeStyle: "short",
    timeZone: "UTC",
  });
  return `${format.format(new Date(at))} UTC`;
}

/**
 * Writes a mail: plain text and simple HTML of the same words. What people typed becomes neither
 * markup nor a header. No address is in it but the site's own (ASVS 4.1.3). Throws for an unknown kind.
 */
export function letterOf(kind: string, detail: unknown, token: string | null, site: Site): Letter {
  if (!isMailKind(kind)) throw new Error(`no mail is called ${kind}`);
  const { subject, parts: drafted } = DRAFTS[kind](Detail.parse(detail), site);
  const parts = drafted.map((part) => (isLink(part) ? withHref(part, token, site) : part));
  const link = parts.find(isHref);
  return {
    subject,
    text: textOf(parts, site),
    html: htmlOf(subject, parts, site),
    link: link ?? null,
  };
}

function isMailKind(kind: string): kind is MailKind {
  return Object.hasOwn(DRAFTS, kind);
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
