import { sql } from "drizzle-orm";
import { bigint, index, int, json, mysqlEnum, mysqlTable, text } from "drizzle-orm/mysql-core";
import { bytes, exactText, moment, users, uuidBytes } from "@/lib/db/schema";

/** What a one-time token is good for, and for nothing else. */
export const TOKEN_PURPOSES = [
  "password_reset",
  "email_verification",
  "invitation",
  "not_me",
  "take_back",
  "account_return",
  "factors_reset",
  "passkey",
] as const;
export type TokenPurpose = (typeof TOKEN_PURPOSES)[number];

/** How something is told to somebody outside. */
export const CHANNELS = ["mail"] as const;

/** What was promised to be told, written with what happened; a sender takes it from here. */
export const outbox = mysqlTable(
  "outbox",
  {
    id: uuidBytes("id").primaryKey(),
    channel: mysqlEnum("channel", CHANNELS).notNull().default("mail"),
    kind: exactText("kind", { length: 64 }).notNull(),
    // Who is erased gets no mail any more.
    userId: bigint("user_id", { mode: "number" }).references(() => users.id, {
      onDelete: "cascade",
    }),
    recipient: exactText("recipient", { length: 254 }).notNull(),
    detail: json("detail").$type<Record<string, unknown>>().notNull().default(sql`(json_object())`),
    /** The token whose link it carries; over with it. */
    tokenHash: bytes("token_hash", { length: 32 }),
    /** That token, sealed; NULL once it was sent. */
    sealedToken: text("sealed_token"),
    createdAt: moment("created_at").notNull(),
    attempts: int("attempts").notNull().default(0),
    /** When it is due; NULL once it was sent or given up. */
    nextAttemptAt: moment("next_attempt_at"),
    leaseUntil: moment("lease_until"),
    lastError: exactText("last_error", { length: 500 }).notNull().default(""),
    sentAt: moment("sent_at"),
    failedAt: moment("failed_at"),
  },
  (t) => [
    index("outbox_next_attempt").on(t.nextAttemptAt),
    index("outbox_user").on(t.userId),
    index("outbox_created").on(t.createdAt),
    index("outbox_failed").on(t.failedAt),
  ],
);

/** What a mail's link proves: that its reader has the address. A dump of this opens nothing. */
export const oneTimeTokens = mysqlTable(
  "one_time_tokens",
  {
    /** SHA-256 of the token. */
    tokenHash: bytes("token_hash", { length: 32 }).primaryKey(),
    purpose: mysqlEnum("purpose", TOKEN_PURPOSES).notNull(),
    userId: bigint("user_id", { mode: "number" })
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    /** The address that it was sent to. */
    email: exactText("email", { length: 254 }).notNull(),
    /** The session that it is about. Ended rows are removed before it is over: no foreign key. */
    sessionId: uuidBytes("session_id"),
    createdAt: moment("created_at").notNull(),
    expiresAt: moment("expires_at").notNull(),
    usedAt: moment("used_at"),
  },
  (t) => [
    index("one_time_tokens_user").on(t.userId, t.purpose),
    index("one_time_tokens_expires").on(t.expiresAt),
  ],
);
