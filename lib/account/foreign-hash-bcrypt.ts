import { createHash } from "node:crypto";
import { bcryptCheck } from "@/lib/account/bcrypt-check";
import type { Check } from "@/lib/account/hashing-threads";

/** Django's `bcrypt_sha256`: bcrypt of the SHA-256 in hex letters, so that no byte is cut off. */
export function bcryptOfDigestCheck(password: string, hash: string): Check | null {
  return bcryptCheck(createHash("sha256").update(password).digest("hex"), hash);
}
