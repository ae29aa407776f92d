import type { ReactNode } from "react";
import type { Person } from "@/app/_shell/person";
import { SiteShell } from "@/app/_shell/site-shell";
import { PageHeader } from "@/app/_ui/page-header";
import { ConsoleNav } from "@/app/admin/_console/console-nav";

type ConsolePageProps = {
  user: Person;
  current: string;
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
};

/** The frame of the console's pages. */
export function ConsolePage({ user, current, children, ...header }: ConsolePageProps) {
  return (
    <SiteShell user={user} current="/admin">
      <ConsoleNav current={current} />
      <PageHeader {...header} />
      {children}
    </SiteShell>
  );
}
