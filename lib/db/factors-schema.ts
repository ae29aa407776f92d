import { bigint, boolean, index, json, mysqlTable, text } from "drizzle-orm/mysql-core";
import { bytes, exactText, moment, users, uuidBytes } from "@/lib/db/schema";

const userId = () =>
  bigint("user_id", { mode: "number" })
    .notNull()
    .references(() => users.id, { onDelete: "cascade" });

/** The authenticator app of an account: one at most. */
export const totpFactors = mysqlTable("totp_factors", {
  userId: userId().primaryKey(),
  /** The shared secret with whose it is, sealed: a dump alone makes no code. */
  sealedSecret: text("sealed_secret").notNull(),
  /** Unix seconds ÷ 30 of the last code that was right: none works twice. */
  lastStep: bigint("last_step", { mode: "number" }).notNull(),
  createdAt: moment("created_at").notNull(),
});

/** What lets somebody in who has lost every other factor; each once. */
export const recoveryCodes = mysqlTable(
  "recovery_codes",
  {
    /** SHA-256 of the code: its 128 bits cannot be tried. */
    codeHash: bytes("code_hash", { length: 32 }).primaryKey(),
    userId: userId(),
    createdAt: moment("created_at").notNull(),
    usedAt: moment("used_at"),
  },
  (t) => [index("recovery_codes_user").on(t.userId, t.usedAt)],
);

/** Public keys of an account's passkeys; nothing in here signs anybody in. */
export const passkeys = mysqlTable(
  "passkeys",
  {
    id: uuidBytes("id").primaryKey(),
    userId: userId(),
    /** SHA-256 of the credential id, which may be 1,023 bytes long: what finds it, and one of a kind. */
    credentialHash: bytes("credential_hash", { length: 32 })
      .notNull()
      .unique("passkeys_credential"),
    /** In base64url. */
    credentialId: text("credential_id").notNull(),
    /** COSE, in base64url. */
    publicKey: text("public_key").notNull(),
    /** How often it was used, as the authenticator counts; 0 where it does not. */
    counter: bigint("counter", { mode: "number", unsigned: true }).notNull(),
    transports: json("transports").$type<string[]>().notNull(),
    /** Whether it is kept beyond one device. */
    isBackedUp: boolean("backed_up").notNull(),
    /** The model of what made it (AAGUID); zeros where that is kept secret. */
    aaguid: exactText("aaguid", { length: 36 }).notNull(),
    name: exactText("name", { length: 100 }).notNull(),
    createdAt: moment("created_at").notNull(),
    lastUsedAt: moment("last_used_at"),
  },
  (t) => [index("passkeys_user").on(t.userId)],
);

/** Browsers that are not asked for the second factor for a while. */
export const trustedBrowsers = mysqlTable(
  "trusted_browsers",
  {
    id: uuidBytes("id").primaryKey(),
    userId: userId(),
    /** SHA-256 of what its cookie holds. */
    secretHash: bytes("secret_hash", { length: 32 }).notNull(),
    ipAddress: exactText("ip_address", { length: 45 }).notNull().default(""),
    userAgent: exactText("user_agent", { length: 512 }).notNull().default(""),
    createdAt: moment("created_at").notNull(),
    lastUsedAt: moment("last_used_at"),
    expiresAt: moment("expires_at").notNull(),
  },
  (t) => [
    index("trusted_browsers_user").on(t.userId, t.expiresAt),
    index("trusted_browsers_expires").on(t.expiresAt),
  ],
);
