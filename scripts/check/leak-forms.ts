import { stringify } from "uuid";
import type { DumpedRow } from "@/lib/db/dump";

/** A text that a thief of a dump would try as a cookie's value, and where it comes from. */
export interface Candidate {
  /** "sessions.secret_hash as hex". */
  readonly source: string;
  readonly text: string;
}

/** Every text that could be made of a row: each value in each form, and what the cookie held unsealed. */
export function candidatesOf({ table, row }: DumpedRow): Candidate[] {
  const values = Object.entries(row).flatMap(([column, value]) =>
    formsOf(value).map(([form, text]) => ({ source: `${table}.${column} as ${form}`, text })),
  );
  return [...values, ...unsealed(table, row)].filter(({ text }) => text !== "");
}

type Form = [form: string, text: string];

/** A value as text, as bytes, and as what text made of bytes may look like. */
function formsOf(value: unknown): Form[] {
  if (value === null || value === undefined) return [];
  if (Buffer.isBuffer(value)) return formsOfBytes(value);
  if (typeof value === "object") return textForms(JSON.stringify(value));
  return textForms(String(value));
}

function formsOfBytes(bytes: Buffer): Form[] {
  const hex = bytes.toString("hex");
  return [
    ["hex", hex],
    ["upper-case hex", hex.toUpperCase()],
    ["base64", bytes.toString("base64")],
    ["base64url", bytes.toString("base64url")],
    ["bytes", asCookieText(bytes.toString("latin1"))],
    ...(bytes.length === 16 ? [["uuid", stringify(bytes)] satisfies Form] : []),
  ];
}

function textForms(text: string): Form[] {
  return [
    ["text", asCookieText(text)],
    ["base64url", Buffer.from(text).toString("base64url")],
  ];
}

// The content of the cookie, as far as a row tells it, without the seal that a secret makes.
function unsealed(table: string, row: DumpedRow["row"]): Candidate[] {
  const { id, secret_hash: hash } = row;
  if (!Buffer.isBuffer(id) || !Buffer.isBuffer(hash)) return [];
  const source = `${table}.id with ${table}.secret_hash`;
  return formsOfBytes(hash).flatMap(([form, s]) => {
    const content = JSON.stringify({ v: 1, id: stringify(id), s, x: FAR_AHEAD });
    return [
      { source: `${source} as ${form}, unsealed`, text: asCookieText(content) },
      { source: `${source} as ${form}, unsealed, base64url`, text: base64url(content) },
      { source: `${source} as ${form}, joined`, text: `${stringify(id)}.${asCookieText(s)}` },
    ];
  });
}

const FAR_AHEAD = 4_102_444_800;
const base64url = (text: string) => Buffer.from(text).toString("base64url");

// What a Cookie header cannot carry as it is (RFC 6265, section 4.1.1).
function asCookieText(text: string): string {
  return /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/.test(text)
    ? text
    : encodeURIComponent(text.toWellFormed());
}
