import type { ReactNode } from "react";
import { Card } from "@/app/_ui/card";
import { CenteredPage } from "@/app/_ui/centered-page";

type MessagePageProps = { code?: string; title: string; children: ReactNode; actions: ReactNode };

/** A page that says one thing and offers the way on. */
export function MessagePage({ code, title, children, actions }: MessagePageProps) {
  return (
    <CenteredPage>
      <Card>
        <div className="space-y-6 py-2">
          <div className="space-y-2">
            {code && <p className="text-sm font-medium text-muted">{code}</p>}
            <h1 className="text-xl font-semibold text-balance">{title}</h1>
            <div className="space-y-3 text-muted">{children}</div>
          </div>
          <div className="flex flex-wrap gap-3">{actions}</div>
        </div>
      </Card>
    </CenteredPage>
  );
}
