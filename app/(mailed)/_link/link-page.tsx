import type { ReactNode } from "react";
import { Card } from "@/app/_ui/card";
import { CenteredPage } from "@/app/_ui/centered-page";

type LinkPageProps = { title: string; lead: ReactNode; children: ReactNode };

/** What a mail's link opens: one plain form. Opening it changes nothing. */
export function LinkPage({ title, lead, children }: LinkPageProps) {
  return (
    <CenteredPage>
      <Card>
        <div className="space-y-5 py-2">
          <div className="space-y-1">
            <h1 className="text-xl font-semibold">{title}</h1>
            <div className="text-sm text-muted wrap-anywhere">{lead}</div>
          </div>
          {children}
        </div>
      </Card>
    </CenteredPage>
  );
}
