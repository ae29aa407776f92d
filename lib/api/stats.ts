import { z } from "zod";

/** `GET /api/admin/stats` */
export const StatsAnswer = z.strictObject({
  users: z.int(),
  liveSessions: z.int(),
  endedSessions: z.int(),
  signInsLastDay: z.int(),
  failuresLastDay: z.int(),
});
