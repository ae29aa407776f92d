import { DIGESTS, isSame, saltedHmac } from "@/lib/django/signing";

const SALT = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash";

/**
 * Whether a session's `_auth_user_hash` is of this stored password, under any of the keys: so a session of
 * before the password was changed is over. By SHA-256, or by the SHA-1 of before Django 3.1.
 */
export function fitsPassword(
  authHash: string,
  storedPassword: string,
  secrets: readonly string[],
): boolean {
  const given = Buffer.from(authHash, "hex");
  return secrets.some((secret) =>
    DIGESTS.some((digest) =>
      isSame(saltedHmac({ salt: SALT, secret, digest }, storedPassword), given),
    ),
  );
}

/** The `_auth_user_hash` of a stored password, as Django would write it with this key. */
export function authHashOf(storedPassword: string, secret: string): string {
  return saltedHmac({ salt: SALT, secret, digest: "sha256" }, storedPassword).toString("hex");
}
