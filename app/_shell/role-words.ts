import type { Role } from "@/lib/db/schema";

type RoleWords = { name: string; may: string };

export const ROLE_WORDS: Record<Role, RoleWords> = {
  member: { name: "Member", may: "Uses this site" },
  staff: { name: "Staff", may: "Sees the console as well" },
  admin: { name: "Administrator", may: "Sees the console and may change accounts" },
};
