import type { Role } from "@/lib/roles";

/** A pattern of decoded paths, and the least role for which there is anything. */
export type Area = readonly [area: RegExp, role: Role];

/**
 * Yours: whole areas of addresses that are nothing to people below a role, the narrowest first. From
 * what is answered there nobody can tell which of them have a page; the page's own guard holds whatever
 * is said here. For example `[/^\/reports(\/|$)/, "staff"]`.
 */
export const AREAS: readonly Area[] = [];
