import type { ReactNode } from "react";
import { Brand } from "@/app/_ui/brand";

/** One narrow column in the middle of the screen: sign-in, messages, errors. */
export function CenteredPage({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col items-center px-4 py-8 sm:pt-[14dvh] sm:pb-16">
      <header className="mb-6">
        <Brand />
      </header>
      <main className="w-full max-w-form">{children}</main>
    </div>
  );
}
