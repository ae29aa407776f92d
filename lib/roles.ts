// Yours: the roles. A role of your own is a line in each list here, and a migration
// (`npm run db:generate`). The three names below stay, since Gatehouse's own pages ask for them: put
// yours between them. Whoever is more than a member has the shorter limits of staff.

/** In rising order: each role may do what the ones before it may. */
export const ROLES = ["member", "staff", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** What each is called, and what it may do, for people. */
export const ROLE_WORDS: Readonly<Record<Role, { name: string; may: string }>> = {
  member: { name: "Member", may: "Uses this site" },
  staff: { name: "Staff", may: "Sees the console as well" },
  admin: { name: "Administrator", may: "Sees the console and may change accounts" },
};
