import { z } from "zod";

// Fields that several addresses of the API have in common.

const MOST = 200;
const USUAL = 50;
const LIMIT = `Give a number from 1 to ${MOST}.`;

/** How many entries a page has. */
export const Limit = z
  .string()
  .regex(/^\d{1,3}$/, LIMIT)
  .transform(Number)
  .pipe(z.int().min(1, LIMIT).max(MOST, LIMIT))
  .default(USUAL);

/** The id of a session, as addresses, forms and commands write it. */
export const SessionId = z.uuid().toLowerCase();

/** Where a page begins: the `nextCursor` of the one before. */
export const Cursor = z
  .string()
  .regex(/^[\w-]{1,300}$/, "Give a nextCursor as it came.")
  .optional();

/** What narrows a list; empty is like left out, as forms send it. */
export const Search = z
  .string()
  .trim()
  .max(254)
  .transform((text) => text || undefined)
  .optional();

/** A moment in a response: ISO 8601 in UTC, with milliseconds. */
export const Time = z.iso.datetime({ precision: 3 });

/** A moment in a question: ISO 8601 with its zone, or a day, which begins at midnight UTC. */
export const Moment = z
  .union([z.literal(""), z.iso.datetime({ offset: true }), z.iso.date()], {
    error: "Give a time like 2026-11-23T08:00:00Z, or a day like 2026-11-23.",
  })
  .transform((text) => (text ? new Date(text) : undefined))
  .optional();

/** Every error, as RFC 9457 wants it. */
export const ProblemJson = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  errors: z.record(z.string(), z.array(z.string())).optional(),
});

/** `GET /api/admin/stats` */
export const StatsResponse = z.strictObject({
  users: z.int(),
  liveSessions: z.int(),
  endedSessions: z.int(),
  signInsLastDay: z.int(),
  failuresLastDay: z.int(),
  /** There where any of these is so large that it is about right alone. */
  estimated: z.literal(true).optional(),
});

/** `GET /api/health/live` and `GET /api/health/ready` */
export const HealthResponse = z.strictObject({ status: z.literal("ok") });
