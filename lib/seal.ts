import { sealData, unsealData } from "iron-session";
import { settings } from "@/lib/env";

/** The passwords that seal and open: by number, as iron-session wants them. */
export interface SealKeys {
  readonly newest: Record<string, string>;
  readonly all: Record<string, string>;
}

/** What is sealed. A seal for one purpose, made with the same secret, opens nothing of the other. */
export type SealPurpose =
  | "session"
  | "device"
  | "refused"
  | "asked"
  | "mail"
  | "step"
  | "trust"
  | "passkey"
  | "setup"
  | "factor";

const derived = new Map<SealPurpose, Promise<SealKeys>>();

/** The keys of every `SESSION_SECRET` for a purpose, derived once a process. */
export function sealKeys(purpose: SealPurpose): Promise<SealKeys> {
  const known = derived.get(purpose) ?? derive(settings().SESSION_SECRET, purpose);
  derived.set(purpose, known);
  return known;
}

async function derive(secrets: readonly string[], purpose: SealPurpose): Promise<SealKeys> {
  const pairs = await Promise.all(secrets.map((secret) => keyOf(secret, purpose)));
  return { newest: Object.fromEntries(pairs.slice(0, 1)), all: Object.fromEntries(pairs) };
}

// The number follows from the secret, not from its place in the list: dropping or adding one
// leaves the seals of all others good.
async function keyOf(
  secret: string,
  purpose: SealPurpose,
): Promise<[number: string, password: string]> {
  // A constant, whatever the site is called: another one signs everybody out.
  const label = `gatehouse ${purpose} cookie v1`;
  const number = await hkdf(secret, `${label} number`);
  return [String(new DataView(number).getUint32(0)), hex(await hkdf(secret, label))];
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

// What is shorter or longer than any seal of ours is never decrypted. So no header of 16 KiB holds
// more than some fifty values that cost a derivation each, and those only if they name a key of ours.
const LENGTHS: Record<SealPurpose, readonly [least: number, most: number]> = {
  session: [300, 1024],
  device: [300, 1024],
  refused: [300, 4096],
  asked: [300, 1024],
  // From the outbox alone; no header brings one.
  mail: [200, 1024],
  step: [300, 4096],
  trust: [300, 2048],
  passkey: [300, 1024],
  // From a form, and from the table of factors.
  setup: [200, 1024],
  factor: [200, 1024],
};

/** Seals what JSON can hold, with the newest secret, for so long. */
export async function seal(
  purpose: SealPurpose,
  payload: object,
  ttlSeconds: number,
): Promise<string> {
  const { newest } = await sealKeys(purpose);
  return sealData(payload, { password: newest, ttl: ttlSeconds });
}

/**
 * Opens a seal, whatever its age; null for what is none of ours. Any field of it may be missing or
 * of another type: a later version of ours may have written it.
 */
export async function unseal<Payload extends object>(
  purpose: SealPurpose,
  value: string,
): Promise<Partial<Payload> | null> {
  const [least, most] = LENGTHS[purpose];
  if (value.length < least || value.length > most) return null;
  const { all } = await sealKeys(purpose);
  try {
    return await unsealData<Payload>(value, { password: all, ttl: 0 });
  } catch {
    // Some malformed seals make the library throw; any visitor can send one.
    return null;
  }
}
