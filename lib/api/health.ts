import { z } from "zod";

/** `GET /api/health/live` and `GET /api/health/ready` */
export const HealthAnswer = z.strictObject({ status: z.literal("ok") });
