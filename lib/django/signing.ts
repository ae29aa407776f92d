import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** Django's of now, and what it used before 3.1: verified, and never written. */
export type Digest = "sha256" | "sha1";
export const DIGESTS: readonly Digest[] = ["sha256", "sha1"];

/** How Django signs: with a key that is derived from a purpose and a `SECRET_KEY`. */
export interface Purpose {
  readonly salt: string;
  readonly secret: string;
  readonly digest: Digest;
}

/** What Django calls `salted_hmac`. */
export function saltedHmac({ salt, secret, digest }: Purpose, value: string | Buffer): Buffer {
  const key = createHash(digest)
    .update(salt + secret)
    .digest();
  return createHmac(digest, key).update(value).digest();
}

/** Whether two texts are the same, in a time that tells nothing of where they differ. */
export function isSame(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
