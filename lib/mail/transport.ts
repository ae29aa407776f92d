import "server-only";
import { createTransport, type Transporter } from "nodemailer";
import { settings } from "@/lib/env";
import type { Letter } from "@/lib/mail/letters";
import { isLoopback } from "@/lib/variables";

/** A letter in its envelope. */
export interface Post extends Pick<Letter, "subject" | "text" | "html"> {
  readonly to: string;
  /** Every copy of it has this one, so that a reader shows one. */
  readonly messageId: string;
}

const CONNECT_MS = 10_000;
// Longer than any try takes: which of its waits was too long is for the sender to say.
const SILENCE_MS = 50_000;

declare global {
  // On globalThis, since each bundle of a build has a copy of this module.
  var gatehouseTransport: { readonly url: string; readonly smtp: Transporter } | undefined;
}

function transport(url: URL): Transporter {
  if (globalThis.gatehouseTransport?.url === url.href) return globalThis.gatehouseTransport.smtp;
  const isHere = isLoopback(url.hostname);
  const smtp = createTransport({
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: Number(url.port) || (url.protocol === "smtps:" ? 465 : 587),
    secure: url.protocol === "smtps:",
    // Where it is not offered, somebody on the way may have taken the offer out (RFC 3207).
    requireTLS: !isHere,
    // On this machine a certificate of its own is all that a server has.
    tls: { rejectUnauthorized: !isHere },
    ...(url.username ? { auth: credentials(url) } : {}),
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
  });
  globalThis.gatehouseTransport = { url: url.href, smtp };
  return smtp;
}

function credentials({ username, password }: URL) {
  return { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
}

/** Hands a letter to the server of `SMTP_URL`. Throws what nodemailer throws. */
export async function post({ to, messageId, subject, text, html }: Post): Promise<void> {
  const { SMTP_URL, MAIL_FROM, APP_NAME } = settings();
  if (!SMTP_URL || !MAIL_FROM) throw new Error("SMTP_URL and MAIL_FROM are not set");
  await transport(SMTP_URL).sendMail({
    messageId,
    subject,
    text,
    html,
    // As objects: in text a comma would be a second address, and a name could end the header.
    from: { name: APP_NAME, address: MAIL_FROM },
    to: { name: "", address: to },
    // No answering machine answers this (RFC 3834).
    headers: { "Auto-Submitted": "auto-generated" },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}
