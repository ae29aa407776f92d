/**
 * Yours: tables of your own, which `npm run db:generate` and `npm run db:push` take beside Gatehouse's.
 * Export each. One that belongs to people points at them with
 * `bigint("user_id", { mode: "number" }).references(() => users.id, { onDelete: "cascade" })`.
 */
export {};
