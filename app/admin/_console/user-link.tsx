import type { ReactNode } from "react";
import { TEXT_LINK } from "@/app/_ui/text-link";

export function UserLink({ id, children }: { id: number; children: ReactNode }) {
  return (
    <a href={`/admin/users/${id}`} className={TEXT_LINK}>
      {children}
    </a>
  );
}
