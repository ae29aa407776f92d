import type { ReactNode } from "react";
import { PrivatePage } from "@/app/_shell/own-document";
import { displayName, type Person } from "@/app/_shell/person";
import { SessionWatch } from "@/app/_shell/session-watch";
import { signOut } from "@/app/_shell/sign-out";
import { AppShell } from "@/app/_ui/app-shell";
import { UserMenu } from "@/app/_ui/user-menu";
import { isAtLeast } from "@/lib/users/user";

const MEMBER_NAV = [
  { href: "/dashboard", label: "Dashboard" },
  { href: "/account", label: "Account" },
  { href: "/account/password", label: "Password" },
  { href: "/account/sessions", label: "Devices" },
];
const STAFF_NAV = [...MEMBER_NAV, { href: "/admin", label: "Console" }];

type SiteShellProps = { user: Person | null; current: string; children: ReactNode };

/** The frame of every page that knows who is there; the page passes the user its lock gave it. */
export function SiteShell({ user, current, children }: SiteShellProps) {
  const account = user && (
    <UserMenu name={displayName(user)} detail={user.email} signOut={signOut} />
  );
  return (
    <AppShell
      nav={navFor(user)}
      current={current}
      account={account}
      footer="Gatehouse: sessions that you can see, count, explain and end."
    >
      {user && <PrivatePage />}
      {user && <SessionWatch />}
      {children}
    </AppShell>
  );
}

function navFor(user: Person | null) {
  // With a temporary password no other page opens.
  if (!user || user.passwordIsTemporary) return [];
  return isAtLeast(user.role, "staff") ? STAFF_NAV : MEMBER_NAV;
}
