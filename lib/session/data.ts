import { z } from "zod";

/**
 * Yours: what the application keeps in a session. The one place of its keys, which gives the types and is
 * parsed at run time. Name your keys here, as in `z.object({ locale: z.string().optional() })`.
 * A key is a plain word, so that it can stand in a JSON path of any server.
 */
export const SessionData = z.record(z.string().regex(/^[A-Za-z_]\w{0,63}$/), z.json());
export type SessionData = z.infer<typeof SessionData>;
