import type { z } from "zod";
import type { Role } from "@/lib/roles";

/** What one method of one address takes and gives. */
export interface Operation {
  readonly method: "get" | "post" | "patch" | "delete";
  readonly path: string;
  readonly summary: string;
  /** Who may call it; what it answers to others follows from that. */
  readonly lock: "anyone" | "session" | "token" | Exclude<Role, "member">;
  /** Whether it needs a password given within the last 15 minutes. */
  readonly recentProof?: true;
  /** Whether it looks at a password. */
  readonly password?: true;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodObject;
  /** What is answered when all is well: JSON of a schema, other text, or nothing. */
  readonly answer: {
    readonly status: 200 | 201 | 204;
    readonly schema?: z.ZodType;
    readonly type?: string;
  };
}

/** Nothing more is to be said. */
export const NOTHING = { status: 204 } as const;

/** An answer of JSON. */
export function ok(schema: z.ZodType) {
  return { status: 200, schema } as const;
}
