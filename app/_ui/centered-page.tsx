import type { ReactNode } from "react";
import { Brand } from "@/app/_ui/brand";
import { CenteredColumn } from "@/app/_ui/centered-column";

/** A page of one column under the site's name: sign-in, and what mails lead to. */
export function CenteredPage({ children }: { children: ReactNode }) {
  return <CenteredColumn header={<Brand />}>{children}</CenteredColumn>;
}
