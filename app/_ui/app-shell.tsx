import type { ReactNode } from "react";
import { Brand } from "@/app/_ui/brand";
import { type NavItem, SiteNav } from "@/app/_ui/site-nav";

type AppShellProps = {
  nav: readonly NavItem[];
  current: string;
  account: ReactNode;
  footer: ReactNode;
  children: ReactNode;
};

export function AppShell({ nav, current, account, footer, children }: AppShellProps) {
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#main"
        className="sr-only z-10 rounded-md bg-surface px-4 py-3 text-sm font-medium shadow-card focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:p-3"
      >
        Skip to content
      </a>
      <header className="border-b border-line bg-surface">
        <div className="mx-auto flex max-w-page flex-wrap items-center gap-x-3 px-4 sm:gap-x-6 sm:px-6">
          <div className="flex min-h-16 items-center">
            <Brand />
          </div>
          {nav.length > 0 && <SiteNav items={nav} current={current} />}
          <div className="ml-auto flex min-h-16 items-center">{account}</div>
        </div>
      </header>
      <main id="main" tabIndex={-1} className="mx-auto w-full max-w-page flex-1 px-4 py-10 sm:px-6">
        {children}
      </main>
      <footer className="border-t border-line">
        <div className="mx-auto max-w-page px-4 py-6 text-sm text-muted sm:px-6">{footer}</div>
      </footer>
    </div>
  );
}
