import { settings } from "@/lib/env";

/** The passwords that seal and open: by number, as iron-session wants them. */
export interface SealKeys {
  readonly newest: Record<string, string>;
  readonly all: Record<string, string>;
}

// One label a purpose: a seal for something else, made with the same secret, opens nothing here.
const SEAL_LABEL = "gatehouse session cookie v1";
const NUMBER_LABEL = "gatehouse session cookie v1 number";

let derived: Promise<SealKeys> | undefined;

/** The keys of every `SESSION_SECRET`, derived once a process. */
export function sealKeys(): Promise<SealKeys> {
  derived ??= derive(settings().SESSION_SECRET);
  return derived;
}

async function derive(secrets: readonly string[]): Promise<SealKeys> {
  const pairs = await Promise.all(secrets.map(keyOf));
  return { newest: Object.fromEntries(pairs.slice(0, 1)), all: Object.fromEntries(pairs) };
}

// The number follows from the secret, not from its place in the list: dropping or adding one
// leaves the seals of all others good.
async function keyOf(secret: string): Promise<[number: string, password: string]> {
  const number = await hkdf(secret, NUMBER_LABEL);
  const password = await hkdf(secret, SEAL_LABEL);
  return [String(new DataView(number).getUint32(0)), hex(password)];
}

/** HKDF with SHA-256 (RFC 5869), from WebCrypto, which Node and the edge both have. */
async function hkdf(secret: string, label: string): Promise<ArrayBuffer> {
  const text = new TextEncoder();
  const key = await crypto.subtle.importKey("raw", text.encode(secret), "HKDF", false, [
    "deriveBits",
  ]);
  const parameters = {
    name: "HKDF",
    hash: "SHA-256",
    salt: new Uint8Array(),
    info: text.encode(label),
  };
  return crypto.subtle.deriveBits(parameters, key, 256);
}

function hex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
