import "server-only";
import { z } from "zod";
import { FACTORS, type Method } from "@/lib/db/method-list";
import { settings } from "@/lib/env";
import { isAtLeast, type User } from "@/lib/users/user";

/**
 * Whether `SECOND_FACTOR` asks a second factor of somebody who has none: they may set one up and sign
 * out, and do nothing else (ASVS 6.3.3).
 */
export function lacksFactor({
  role,
  factorsChangedAt,
}: Pick<User, "role" | "factorsChangedAt">): boolean {
  return factorsChangedAt === null && isAsked(role);
}

function isAsked(role: User["role"]): boolean {
  switch (settings().SECOND_FACTOR) {
    case "optional":
      return false;
    case "staff":
      return isAtLeast(role, "staff");
    case "required":
      return true;
  }
}

/** Which second factor is asked for: one kind, or `true` for any. */
export type NeededFactor = (typeof FACTORS)[number] | true;

/** What a proof must be, besides one that began the session. */
export interface NeededProof {
  /** Whether it must be of the last 15 minutes. */
  readonly fresh?: boolean;
  /** Which second factor must have been part of it. */
  readonly factor?: NeededFactor;
}

/** Whether that second factor is among the ways of a proof. */
export function includesFactor(methods: readonly Method[], needed: NeededFactor): boolean {
  return FACTORS.some((one) => isIt(one, needed) && methods.includes(one));
}

const isIt = (one: NeededFactor, needed: NeededFactor) => needed === true || needed === one;

const AskedFactor = z.enum(["any", ...FACTORS]);

/** The second factor that a query asks for; undefined where a password will do. */
export function askedFactor(query: unknown): NeededFactor | undefined {
  const { data } = AskedFactor.safeParse(query);
  return data === "any" ? true : data;
}
