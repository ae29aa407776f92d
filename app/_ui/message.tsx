import type { ReactNode } from "react";
import { Card } from "@/app/_ui/card";

export type MessageProps = {
  code?: string;
  title: string;
  children: ReactNode;
  actions: ReactNode;
};

/** Says one thing and offers the way on. */
export function Message({ code, title, children, actions }: MessageProps) {
  return (
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
  );
}
