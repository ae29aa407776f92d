import { deflateSync, inflateSync } from "node:zlib";
import { z } from "zod";
import { DIGESTS, isSame, saltedHmac } from "@/lib/django/signing";

/** What Django's rows are signed with: its `SECRET_KEY`, those before it, and the salt of the store. */
export interface SessionKeys {
  /** Newest first. */
  readonly secrets: readonly string[];
  readonly salt: string;
}

/** Who is signed in by a session of Django, as its row says. */
export interface DjangoSession {
  /** The primary key in Django's table of users, as text. */
  readonly userId: string;
  /** What must fit the password that they have now. */
  readonly authHash: string;
}

const Content = z.object({
  _auth_user_id: z.union([z.string().min(1), z.number()]).transform(String),
  _auth_user_hash: z.string().min(1),
});

/** No text of a session is longer; MySQL would take 4 GiB. */
export const LONGEST_TEXT = 256 * 1024;
const LONGEST_CONTENT = 1024 * 1024;

/**
 * Who a row's `session_data` says is signed in, as Django 3.1 and later write it or as earlier ones did.
 * Null where nobody is, and for what is not signed with one of these keys, is too long when unpacked,
 * or is no JSON: a pickle is never opened. `expire_date` beside it says how long that holds; the time in
 * the text is only of its writing.
 */
export function readSessionText(text: string, keys: SessionKeys): DjangoSession | null {
  const { data } = Content.safeParse(contentOf(text, keys));
  return data ? { userId: data._auth_user_id, authHash: data._auth_user_hash } : null;
}

/** A row's text with another `_auth_user_hash` and all else as it was; null for what cannot be read. */
export function withAuthHash(
  text: string,
  authHash: string,
  keys: SessionKeys,
  now: Date,
): string | null {
  const { data } = Content.loose().safeParse(contentOf(text, keys));
  return data ? writeSessionText({ ...data, _auth_user_hash: authHash }, keys, now) : null;
}

/** What a row's text holds, whoever is signed in by it; null for what cannot be read with these keys. */
export function contentOf(text: string, keys: SessionKeys): unknown {
  if (text.length > LONGEST_TEXT) return null;
  const content = text.includes(":") ? signedContent(text, keys) : oldContent(text, keys);
  return content && jsonOf(content);
}

/** What Django would write for a session with this content, under the newest key. */
export function writeSessionText(content: object, { secrets, salt }: SessionKeys, now: Date) {
  const [secret = ""] = secrets;
  const json = Buffer.from(asciiJson(content));
  const packed = deflateSync(json);
  const value =
    packed.length < json.length - 1
      ? `.${packed.toString("base64url")}`
      : json.toString("base64url");
  const signed = `${value}:${base62(Math.floor(now.getTime() / 1000))}`;
  const purpose = { salt: `${salt}signer`, secret, digest: "sha256" } as const;
  return `${signed}:${saltedHmac(purpose, signed).toString("base64url")}`;
}

// `value:time:signature`, as signing.dumps makes it.
function signedContent(text: string, keys: SessionKeys): Buffer | null {
  const end = text.lastIndexOf(":");
  const signed = text.slice(0, end);
  const signature = Buffer.from(text.slice(end + 1), "base64url");
  const salt = `${keys.salt}signer`;
  if (!isSignedBy({ ...keys, salt }, signed, signature)) return null;
  const value = signed.slice(0, signed.lastIndexOf(":"));
  return value.startsWith(".") ? unpacked(value.slice(1)) : Buffer.from(value, "base64url");
}

// Before 3.1: base64 of `signature:content`, always by SHA-1.
function oldContent(text: string, keys: SessionKeys): Buffer | null {
  const bytes = Buffer.from(text, "base64");
  const end = bytes.indexOf(":");
  if (end < 0) return null;
  const content = bytes.subarray(end + 1);
  const signature = Buffer.from(bytes.toString("latin1", 0, end), "hex");
  // The name of the store's class came without a dot before it.
  const salt = keys.salt.replace(/\.(?=[^.]*$)/, "");
  return isSignedBy({ ...keys, salt }, content, signature) ? content : null;
}

function isSignedBy({ secrets, salt }: SessionKeys, signed: string | Buffer, signature: Buffer) {
  return secrets.some((secret) =>
    DIGESTS.some((digest) => isSame(saltedHmac({ salt, secret, digest }, signed), signature)),
  );
}

function unpacked(value: string): Buffer | null {
  try {
    const bytes = Buffer.from(value, "base64url");
    return inflateSync(bytes, { maxOutputLength: LONGEST_CONTENT });
  } catch {
    // No zlib, or more than anybody keeps in a session.
    return null;
  }
}

function jsonOf(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString("latin1"));
  } catch {
    // A pickle, perhaps. Whoever made that is not asked.
    return null;
  }
}

// As Python's json.dumps does: every letter beyond ASCII escaped.
function asciiJson(content: object): string {
  return JSON.stringify(content).replace(
    /[\u0080-\uffff]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

function base62(number: number): string {
  const rest = Math.floor(number / DIGITS.length);
  return (rest > 0 ? base62(rest) : "") + (DIGITS[number % DIGITS.length] ?? "");
}
