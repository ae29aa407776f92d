import type { Role } from "@/lib/roles";

type Entry = { readonly href: string; readonly label: string; readonly from: Role };

/** Yours: the way through the site, in the header of every page. `from` is the least role that sees an entry. */
export const NAVIGATION: readonly Entry[] = [
  { href: "/dashboard", label: "Dashboard", from: "member" },
  { href: "/account", label: "Account", from: "member" },
  { href: "/account/password", label: "Password", from: "member" },
  { href: "/account/sessions", label: "Devices", from: "member" },
  { href: "/admin", label: "Console", from: "staff" },
];
