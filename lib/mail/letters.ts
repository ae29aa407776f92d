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

/** A link: a path of the site with the mail's token, and what to press. */
interface Link {
  readonly path: string;
  readonly label: string;
}

interface Draft {
  readonly subject: string;
  /** Paragraphs and links, from the top. */
  readonly parts: readonly (string | Link)[];
}

type Write = (detail: z.infer<typeof Detail>, site: Site) => Draft;

const NOT_ASKED = "If that was not you, you need do nothing: without the link nothing happens.";
const CHANGE_IT = "If that was not you, set a new password now and tell whoever runs this site.";

const DRAFTS = {
  password_reset: (_, { name }) => ({
    subject: `Set a new password for ${name}`,
    parts: [
      `Somebody, probably you, asked for a new password for your ${name} account.`,
      { path: "/reset-password", label: "Set a new password" },
      "The link works once, for 20 minutes.",
      NOT_ASKED,
    ],
  }),
  password_was_reset: (detail, { name }) => ({
    subject: `Your ${name} password was changed`,
    parts: [
      `A new password was set for your ${name} account${when(detail)}, by a link that was sent to this address. You were signed out everywhere.`,
      CHANGE_IT,
    ],
  }),
  password_changed: (detail, { name }) => ({
    subject: `Your ${name} password was changed`,
    parts: [
      `The password of your ${name} account was changed${from(detail)}${when(detail)}. All other devices were signed out.`,
      CHANGE_IT,
    ],
  }),
  email_verification: (_, { name }) => ({
    subject: `Confirm your address for ${name}`,
    parts: [
      `Please confirm that this is the address of your ${name} account.`,
      { path: "/verify-email", label: "Confirm this address" },
      "The link works once, for 24 hours.",
      NOT_ASKED,
    ],
  }),
  email_changed: (detail, { name }) => ({
    subject: `The address of your ${name} account was changed`,
    parts: [
      `Your ${name} account now has the address ${detail.email}. This is the last mail to the address it had before.`,
      "If that was not you, take it back: the address is this one again, and everybody is signed out.",
      { path: "/take-back", label: "Take it back" },
      "The link works once, for 7 days.",
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
      `${hello(detail)}there is an account for you at ${name}. Your user name is ${detail.username}.`,
      { path: "/invitation", label: "Choose a password" },
      "The link works once, for 24 hours.",
    ],
  }),
  sign_up_known: (_, { name }) => ({
    subject: `You already have an account at ${name}`,
    parts: [
      `Somebody, probably you, tried to sign up at ${name} with this address. It has an account already: sign in, or set a new password if you have forgotten yours.`,
      "If that was not you, you need do nothing.",
    ],
  }),
  sign_up_name_taken: (detail, { name }) => ({
    subject: `Choose another user name for ${name}`,
    parts: [
      `You wanted to sign up at ${name}, but the user name ${detail.username} is taken. Please sign up again with another one.`,
      "If that was not you, you need do nothing.",
    ],
  }),
  new_device: (detail, { name }) => ({
    subject: `A new device signed in to ${name}`,
    parts: [
      `Your ${name} account was signed in to from a browser that it does not know${from(detail)}${when(detail)}.`,
      "If that was you, you need do nothing. If not, end it: this device and all others are signed out, and you get a link to set a new password.",
      { path: "/not-me", label: "This was not me" },
      "The link works once, for 7 days.",
    ],
  }),
  role_changed: (detail, { name }) => ({
    subject: `Your role at ${name} was changed`,
    parts: [`Your ${name} account now has the role “${detail.role}”${when(detail)}.`],
  }),
  account_closing: (_, { name }) => ({
    subject: `Your ${name} account will be deleted`,
    parts: [
      `You asked for your ${name} account to be deleted. You are signed out everywhere; in 7 days all of it is gone.`,
      "If you want to keep it, come back before then.",
      { path: "/take-back", label: "Keep my account" },
    ],
  }),
} satisfies Record<string, Write>;

/** What a mail tells. */
export type MailKind = keyof typeof DRAFTS;

const hello = ({ name }: { name: string }) => (name ? `Hello ${name}, ` : "");
const when = ({ at }: { at?: string | undefined }) => (at ? ` on ${momentWords(at)}` : "");

function from({ device, ipAddress }: { device: string; ipAddress: string }): string {
  const words = [device, ipAddress].filter((word) => word !== "").join(", ");
  return words && ` (${words})`;
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
  const { subject, parts } = DRAFTS[kind](Detail.parse(detail), site);
  const hrefOf = ({ path }: Link) => linkTo(path, token, site);
  const link = parts.find((part) => typeof part !== "string");
  return {
    subject,
    text: textOf(parts, hrefOf, site),
    html: htmlOf(subject, parts, hrefOf, site),
    link: link ? { href: hrefOf(link), label: link.label } : null,
  };
}

function isMailKind(kind: string): kind is MailKind {
  return Object.hasOwn(DRAFTS, kind);
}

function linkTo(path: string, token: string | null, site: Site): string {
  if (token === null) throw new Error(`a mail with a link to ${path} has no token`);
  const url = new URL(path, site.url);
  url.searchParams.set("token", token);
  return url.href;
}

type Parts = Draft["parts"];
type HrefOf = (link: Link) => string;

function textOf(parts: Parts, hrefOf: HrefOf, site: Site): string {
  const paragraphs = parts.map((part) =>
    typeof part === "string" ? part : `${part.label}:\n${hrefOf(part)}`,
  );
  return [...paragraphs, `-- \n${site.name}\n${site.url.origin}`].join("\n\n");
}

const PAGE = "margin:0;padding:24px;background:#f6f6f4;font:16px/1.5 system-ui,sans-serif";
const CARD = "max-width:34em;margin:0 auto;padding:24px;background:#fff;color:#1c1c1a";
const BUTTON =
  "display:inline-block;padding:10px 18px;background:#1f4d3a;color:#fff;text-decoration:none;border-radius:6px";

// Tables and styles of their own: what mail readers show everywhere. No picture, so nothing tells
// anybody that the mail was opened.
function htmlOf(subject: string, parts: Parts, hrefOf: HrefOf, site: Site): string {
  const paragraphs = parts.map((part) =>
    typeof part === "string"
      ? htmlEscape`<p>${part}</p>`
      : htmlEscape`<p><a href="${hrefOf(part)}" style="${BUTTON}">${part.label}</a></p>`,
  );
  const foot = htmlEscape`<p style="color:#5b5b57;font-size:14px">${site.name} · ${site.url.origin}</p>`;
  const head = htmlEscape`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${subject}</title></head>`;
  return `${head}<body style="${PAGE}"><div style="${CARD}">${paragraphs.join("")}${foot}</div></body></html>`;
}
