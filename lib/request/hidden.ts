import type { Role } from "@/lib/db/schema";

/** Where nothing can be: Next takes no pages from a folder of that name. */
export const NOWHERE = "/_hidden/";

// Whole areas, the narrowest first, and not the pages in them: from what is answered there nobody
// can tell which of the addresses have a page.
const AREAS: readonly (readonly [area: RegExp, role: Role])[] = [
  // Staff see who there is; all else below the users changes them.
  [/^\/admin\/users\/(?!\d+$)/, "admin"],
  [/^\/admin(\/|$)/, "staff"],
];

/**
 * The role for which, and for those above it, there is anything at a path; `member` where that is
 * everybody. The path is decoded. A page's own lock holds whatever is said here.
 */
export function roleToSee(path: string): Role {
  const plain = path.replace(/^\/_next\/data\/[^/]+/, "");
  return AREAS.find(([area]) => area.test(plain))?.[1] ?? "member";
}
