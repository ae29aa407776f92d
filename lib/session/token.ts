import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { v7 as uuidv7 } from "uuid";

const SECRET_BYTES = 32;

/** A new session's public handle: a UUIDv7, so that rows are inserted in key order. No credential. */
export function newSessionId(now: Date): string {
  return uuidv7({ msecs: now.getTime() });
}

/** 256 bits from the system's CSPRNG, base64url: what signs a browser in (ASVS 7.2.3). */
export function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString("base64url");
}

/**
 * The SHA-256 of a secret: all that a row holds, so a leaked table signs nobody in. A plain hash is
 * enough for 256 random bits. Synchronous on purpose: the asynchronous one waits in libuv's four
 * threads behind whatever else hashes there.
 */
export function hashSecret(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

/** The secret that a request brought: it can be held against a row's hashes, and is told to nobody. */
export class BroughtSecret {
  readonly #hash: Buffer;

  constructor(secret: string) {
    this.#hash = hashSecret(secret);
  }

  /** Whether that hash is its own, in constant time. No hash fits nothing. */
  fits(secretHash: Buffer | null): boolean {
    return secretHash !== null && timingSafeEqual(secretHash, this.#hash);
  }
}
