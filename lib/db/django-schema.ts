import { bigint, index, mysqlTable, uniqueIndex } from "drizzle-orm/mysql-core";
import { bytes, exactText, moment, users, uuidBytes } from "@/lib/db/schema";

const userId = () =>
  bigint("user_id", { mode: "number" })
    .notNull()
    .references(() => users.id, { onDelete: "cascade" });

/** Who somebody is at another system: one account here for each. */
export const identities = mysqlTable(
  "identities",
  {
    id: bigint("id", { mode: "number" }).autoincrement().primaryKey(),
    /** Which system. */
    issuer: exactText("issuer", { length: 255 }).notNull(),
    /** Their id there. */
    subject: exactText("subject", { length: 255 }).notNull(),
    userId: userId(),
    createdAt: moment("created_at").notNull(),
    /** From when on their password is ours alone; null while that system owns it, if we ask it at all. */
    cutOverAt: moment("cut_over_at"),
  },
  (t) => [
    uniqueIndex("identities_subject").on(t.issuer, t.subject),
    index("identities_user").on(t.userId),
  ],
);

/** Sessions of Django that one here goes with, so that none is taken over twice. */
export const adoptedSessions = mysqlTable(
  "adopted_sessions",
  {
    /** SHA-256 of Django's `session_key`. */
    djangoKeyHash: bytes("django_key_hash", { length: 32 }).primaryKey(),
    /** No foreign key: the key stays spent when the session's row is gone. */
    sessionId: uuidBytes("session_id").notNull(),
    userId: userId(),
    createdAt: moment("created_at").notNull(),
    /** Until when the key could be brought again. */
    expiresAt: moment("expires_at").notNull(),
  },
  (t) => [
    index("adopted_sessions_expires").on(t.expiresAt),
    index("adopted_sessions_user").on(t.userId),
  ],
);
