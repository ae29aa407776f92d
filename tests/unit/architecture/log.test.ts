import { holds } from "./rule";

const MAY_CHANGE = /^lib\/events\/forget\.ts$/;
const CHANGE =
  /\.(update|delete)\(\s*events\s*\)|\b(update|delete\s+from|truncate(\s+table)?|replace\s+into)\s+`?events\b/gi;

holds(
  "LG-3: the log is appended to; only its retention and the erasing of a person change what is there",
  ({ path, text }) =>
    MAY_CHANGE.test(path) ? [] : (text.match(CHANGE) ?? []).map((change) => `has ${change}`),
  {
    breaks: [
      ["lib/auth/a.ts", "await transaction.update(events).set({ detail: {} });"],
      ["lib/session/a.ts", "await db()\n  .delete( events )\n  .where(isOld);"],
      ["scripts/manage/a.ts", 'await connection.query("DELETE FROM events WHERE id = 1");'],
      ["scripts/manage/a.ts", 'await connection.query("TRUNCATE TABLE `events`");'],
    ],
    keeps: [
      ["lib/events/record.ts", "await executor.insert(events).values(happened);"],
      ["lib/events/forget.ts", "await db().delete(events).where(isOld);"],
      ["lib/session/a.ts", "await executor.update(sessions).set({ events: 1 });"],
    ],
  },
);
