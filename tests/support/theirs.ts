/** What a team edits, their own pages apart: an update may replace everything else as a whole. */
export const THEIRS = [
  "app/navigation.ts",
  "lib/brand.ts",
  "app/brand.css",
  "app/icon.svg",
  "app/favicon.ico",
  "lib/roles.ts",
  "lib/request/public.ts",
  "lib/request/hidden.ts",
  "lib/session/data.ts",
  "lib/events/on-event.ts",
  "lib/db/own-tables.ts",
  "lib/db/own-columns.ts",
];
