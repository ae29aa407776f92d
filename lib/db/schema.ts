import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  customType,
  datetime,
  index,
  int,
  json,
  mysqlEnum,
  mysqlTable,
  uniqueIndex,
} from "drizzle-orm/mysql-core";
import { parse, stringify } from "uuid";
import { djangoRow } from "@/lib/db/django-row";
import { methodList } from "@/lib/db/method-list";
import { ownUserColumns } from "@/lib/db/own-columns";
import { ROLES } from "@/lib/roles";

/** A UUID as 16 bytes: half the size of text, in insert order when it is a UUIDv7 (RFC 9562). */
export const uuidBytes = customType<{ data: string; driverData: Buffer }>({
  dataType: () => "binary(16)",
  toDriver: (uuid) => Buffer.from(parse(uuid)),
  fromDriver: (bytes) => stringify(bytes),
});

/** Fixed-length bytes. Drizzle's own `binary()` reads them back as text and loses some. */
export const bytes = customType<{ data: Buffer; driverData: Buffer; config: { length: number } }>({
  dataType: (config) => `binary(${config?.length ?? 1})`,
});

/**
 * Text compared byte for byte, whatever the server's or the database's own collation: `José` and
 * `Jose` are two people, and emoji are kept.
 */
export const exactText = customType<{ data: string; config: { length: number } }>({
  dataType: (config) =>
    `varchar(${config?.length ?? 255}) character set utf8mb4 collate utf8mb4_bin`,
});

export const STATUSES = ["active", "disabled"] as const;
export type Status = (typeof STATUSES)[number];

export const END_REASONS = [
  "signed_out",
  "idle",
  "absolute",
  "revoked",
  "revoked_by_admin",
  "password_changed",
  "user_disabled",
  "limit",
  "reset",
  "account_closed",
  "password_reset",
  "reported",
  "factor_changed",
  "django_signed_out",
] as const;
export type EndReason = (typeof END_REASONS)[number];

export const EVENT_TYPES = [
  "sign_in",
  "sign_in_failed",
  "sign_in_throttled",
  "sign_out",
  "session_revoked",
  "session_expired",
  "sessions_cleared",
  "password_changed",
  "reauthenticated",
  "user_created",
  "user_updated",
  "user_disabled",
  "user_enabled",
  "secret_rejected",
  "password_reset_requested",
  "password_reset",
  "email_changed",
  "email_verified",
  "user_invited",
  "user_registered",
  "user_erased",
  "new_device",
  "session_reported",
  "factor_added",
  "factor_removed",
  "factors_reset",
  "recovery_code_used",
  "second_factor_failed",
  "session_adopted",
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** A UTC time to the millisecond. */
export const moment = (name: string) => datetime(name, { mode: "date", fsp: 3 });
const now = sql`(utc_timestamp(3))`; // Whatever zone the server and its sessions are in.

export const users = mysqlTable(
  "users",
  {
    id: bigint("id", { mode: "number" }).autoincrement().primaryKey(),
    username: exactText("username", { length: 150 }).notNull(),
    email: exactText("email", { length: 254 }).notNull(),
    name: exactText("name", { length: 150 }).notNull().default(""),
    role: mysqlEnum("role", ROLES).notNull().default("member"),
    status: mysqlEnum("status", STATUSES).notNull().default("active"),
    passwordHash: exactText("password_hash", { length: 255 }).notNull(),
    createdAt: moment("created_at").notNull().default(now),
    lastSignInAt: moment("last_sign_in_at"),
    // What makes a user name and an e-mail unique without regard to case, and finds them.
    usernameKey: exactText("username_key", { length: 150 }).generatedAlwaysAs(
      sql`lower(\`username\`)`,
      { mode: "stored" },
    ),
    emailKey: exactText("email_key", { length: 254 }).generatedAlwaysAs(sql`lower(\`email\`)`, {
      mode: "stored",
    }),
    /** Somebody else made it and knows it: it opens nothing but the page that replaces it. */
    passwordIsTemporary: boolean("password_is_temporary").notNull().default(false),
    /** Null where that was before this was noted. */
    passwordSetAt: moment("password_set_at"),
    /** A browser's mark of being known that is older than this counts no more. */
    knownBrowsersSince: moment("known_browsers_since"),
    /** Null for who signed up and has not proved yet that the address is theirs. */
    emailVerifiedAt: moment("email_verified_at").default(now),
    /** When the account goes for good, where its owner has closed it. */
    eraseAt: moment("erase_at"),
    /** When a second factor was last added, removed or reset; null exactly where there is none. */
    factorsChangedAt: moment("factors_changed_at"),
    /** When all factors go, where an administrator has decided so and nobody has stopped it. */
    factorsResetAt: moment("factors_reset_at"),
    ...ownUserColumns,
  },
  (t) => [
    uniqueIndex("users_username_key").on(t.usernameKey),
    uniqueIndex("users_email_key").on(t.emailKey),
    index("users_role_status").on(t.role, t.status),
    index("users_erase_at").on(t.eraseAt),
    index("users_unverified").on(t.emailVerifiedAt, t.createdAt),
  ],
);

export const sessions = mysqlTable(
  "sessions",
  {
    id: uuidBytes("id").primaryKey(),
    secretHash: bytes("secret_hash", { length: 32 }),
    // The secret before the last rotation, good for requests that were already under way.
    formerSecretHash: bytes("former_secret_hash", { length: 32 }),
    formerSecretUntil: moment("former_secret_until"),
    // The user's role has changed: the next answer that can set a cookie brings a new secret.
    isRotationDue: boolean("rotation_due").notNull().default(false),
    userId: bigint("user_id", { mode: "number" })
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    createdAt: moment("created_at").notNull(),
    authenticatedAt: moment("authenticated_at").notNull(),
    lastActivityAt: moment("last_activity_at").notNull(),
    expiresAt: moment("expires_at").notNull(),
    absoluteExpiresAt: moment("absolute_expires_at").notNull(),
    endedAt: moment("ended_at"),
    endReason: mysqlEnum("end_reason", END_REASONS),
    persistent: boolean("persistent").notNull().default(false),
    ipAddress: exactText("ip_address", { length: 45 }).notNull().default(""),
    userAgent: exactText("user_agent", { length: 512 }).notNull().default(""),
    data: json("data").notNull().default(sql`(json_object())`),
    /** How its user has proved who they are; none where that was before this was noted. */
    methods: methodList("method_list").notNull().default(sql`'[]'`),
    // For other programs: the list as JSON, which takes no room.
    methodsAsJson: json("methods").generatedAlwaysAs(sql`\`method_list\``, { mode: "virtual" }),
    /** The row at Django that it goes with, if any. */
    djangoRow: djangoRow("django_row"),
  },
  (t) => [
    index("sessions_user_ended").on(t.userId, t.endedAt),
    index("sessions_ended_expires").on(t.endedAt, t.expiresAt),
    index("sessions_ended_activity").on(t.endedAt, t.lastActivityAt),
    index("sessions_ended_address").on(t.endedAt, t.ipAddress),
  ],
);

/** From where a session was used: a row for each pair of network and browser, a bounded number. */
export const sessionDevices = mysqlTable(
  "session_devices",
  {
    /** SHA-256 of session, network and browser. */
    id: bytes("id", { length: 32 }).primaryKey(),
    sessionId: uuidBytes("session_id")
      .notNull()
      .references(() => sessions.id, { onDelete: "cascade" }),
    ipAddress: exactText("ip_address", { length: 45 }).notNull().default(""),
    userAgent: exactText("user_agent", { length: 512 }).notNull().default(""),
    firstSeenAt: moment("first_seen_at").notNull(),
  },
  (t) => [index("session_devices_session").on(t.sessionId, t.firstSeenAt)],
);

export const events = mysqlTable(
  "events",
  {
    id: bigint("id", { mode: "number" }).autoincrement().primaryKey(),
    at: moment("at").notNull(),
    type: mysqlEnum("type", EVENT_TYPES).notNull(),
    // No foreign keys: the log outlives the people and sessions that it tells of.
    userId: bigint("user_id", { mode: "number" }),
    actorId: bigint("actor_id", { mode: "number" }),
    sessionId: uuidBytes("session_id"),
    ipAddress: exactText("ip_address", { length: 45 }).notNull().default(""),
    userAgent: exactText("user_agent", { length: 512 }).notNull().default(""),
    detail: json("detail").$type<Record<string, unknown>>().notNull().default(sql`(json_object())`),
  },
  (t) => [
    index("events_user_at").on(t.userId, t.at),
    index("events_session").on(t.sessionId, t.id),
    index("events_type_at").on(t.type, t.at),
    index("events_address_at").on(t.ipAddress, t.at),
    index("events_at").on(t.at),
  ],
);

/** What tries to sign in came to, for each hour that has passed: events are counted once. */
export const tryHours = mysqlTable("try_hours", {
  startsAt: moment("starts_at").primaryKey(),
  signIns: int("sign_ins").notNull(),
  failures: int("failures").notNull(),
  throttled: int("throttled").notNull(),
});

/** Counters of tries. The limiter's package names the columns, and their order. */
export const throttle = mysqlTable(
  "throttle",
  {
    key: exactText("key", { length: 255 }).primaryKey(),
    points: int("points").notNull().default(0),
    /** In milliseconds since 1970. */
    expire: bigint("expire", { mode: "number", unsigned: true }),
  },
  (t) => [index("throttle_expire").on(t.expire)],
);
