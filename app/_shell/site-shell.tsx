import type { ReactNode } from "react";
import { AskedDeviceBanner } from "@/app/_shell/asked-device-banner";
import { PrivatePage } from "@/app/_shell/own-document";
import { displayName, type Person } from "@/app/_shell/person";
import { RecoveryCodeBanner } from "@/app/_shell/recovery-code-banner";
import { SessionWatch } from "@/app/_shell/session-watch";
import { signOut } from "@/app/_shell/sign-out";
import { AppShell } from "@/app/_ui/app-shell";
import { UserMenu } from "@/app/_ui/user-menu";
import { NAVIGATION } from "@/app/navigation";
import { BRAND } from "@/lib/brand";
import { siteName } from "@/lib/site-name";
import { isAtLeast } from "@/lib/users/user";

type SiteShellProps = { user: Person | null; current: string; children: ReactNode };

/** The frame of every page that knows who is there; the page passes the user its guard gave it. */
export function SiteShell({ user, current, children }: SiteShellProps) {
  const account = user && (
    <UserMenu name={displayName(user)} detail={user.email} signOut={signOut} />
  );
  return (
    <AppShell
      nav={navFor(user)}
      current={current}
      account={account}
      footer={`${siteName()}: ${BRAND.tagline}.`}
    >
      {user && <PrivatePage />}
      {user && <SessionWatch />}
      {user && <AskedDeviceBanner userId={user.id} />}
      {user && <RecoveryCodeBanner />}
      {children}
    </AppShell>
  );
}

function navFor(user: Person | null) {
  // With a temporary password no other page opens.
  if (!user || user.passwordIsTemporary) return [];
  return NAVIGATION.filter(({ from }) => isAtLeast(user.role, from));
}
