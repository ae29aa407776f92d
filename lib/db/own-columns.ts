/**
 * Yours: columns of your own on the table of users, as in `{ locale: varchar("locale", { length: 16 }) }`.
 * Each is nullable or has a default, since Gatehouse adds people without knowing of it.
 */
export const ownUserColumns = {};
