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

/** Whether a hash is that of the secret, in constant time. No hash fits nothing. */
export function fitsSecret(secretHash: Buffer | null, secret: string): boolean {
  return secretHash !== null && timingSafeEqual(secretHash, hashSecret(secret));
}
